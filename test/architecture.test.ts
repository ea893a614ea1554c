import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each part of src/ may import beside itself. A part is a folder of src/, or a file directly in it. */
const basics = ['config.ts', 'errors.ts', 'options.ts', 'schema.ts', 'text']
const upToKernels = [...basics, 'tensor', 'kernels']
const upToModel = [...upToKernels, 'backend', 'layers', 'losses', 'optim', 'metrics', 'model']
const mayImport: { readonly [part: string]: readonly string[] } = {
  'config.ts': [],
  'errors.ts': [],
  'options.ts': ['errors.ts'],
  'schema.ts': ['errors.ts'],
  text: ['errors.ts', 'options.ts'],
  tensor: basics,
  kernels: [...basics, 'tensor'],
  backend: upToKernels,
  layers: upToKernels,
  losses: upToKernels,
  optim: upToKernels,
  metrics: [...basics, 'tensor'],
  data: [...basics, 'tensor'],
  model: upToModel,
  io: upToModel,
  report: upToModel,
  testing: upToModel,
  node: [...upToModel, 'data', 'io', 'report'],
  'browser.ts': [...upToModel, 'data', 'io', 'report'],
  'index.ts': ['browser.ts', 'node'],
}

interface Source {
  /** From src/, with forward slashes. */
  readonly path: string
  readonly part: string
  readonly code: string
  readonly imports: readonly string[]
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<!:)\/\/.*/g, '')
}

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?<![.\w'])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1])
}

const sources: Source[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.ts'))
  .map(path => {
    const code = withoutComments(readFileSync(join(root, 'src', path), 'utf8'))
    return { path, part: path.split('/')[0], code, imports: importsOf(code) }
  })

/** `path: import` for each import that breaks a rule. */
function breaches(breaks: (name: string, from: Source) => boolean): string[] {
  return sources.flatMap(from =>
    from.imports.filter(name => breaks(name, from)).map(name => `${from.path}: ${name}`),
  )
}

const isRelative = (name: string) => name.startsWith('.')

/** `crc-32/crc32c.js` → `crc-32`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

/** `path: match` for each match outside the places where it is allowed. */
function uses(pattern: RegExp, allowed: (path: string) => boolean): string[] {
  return sources
    .filter(({ path }) => !allowed(path))
    .flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([match]) => `${path}: ${match}`))
}

describe('src/', () => {
  test('is read as a whole', () => {
    expect(sources.length).toBeGreaterThan(80)
    expect(sources.find(({ path }) => path === 'index.ts')?.imports).toContain('./browser.ts')
    expect([...new Set(sources.map(({ part }) => part))].sort()).toEqual(Object.keys(mayImport).sort())
  })

  test('imports one way: tensor ← kernels ← backend, layers, losses, optim ← model', () => {
    const wrongWay = breaches((name, { path, part }) => {
      if (!isRelative(name)) return false
      const target = join(dirname(path), name).split('/')[0]
      return target !== part && !mayImport[part].includes(target)
    })
    expect(wrongWay).toEqual([])
  })

  test("keeps Node's modules and globals at the edge", () => {
    expect(breaches((name, { part }) => name.startsWith('node:') && part !== 'node')).toEqual([])
    expect(
      uses(/\b(process|Buffer|require|__dirname)\b(?=[.([])/g, path => path.startsWith('node/')),
    ).toEqual([])
  })

  test('imports no package but its declared dependencies; optional ones at the edge, when asked for', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const undeclared = breaches((name, { part, code }) => {
      if (isRelative(name) || name.startsWith('node:') || Object.hasOwn(dependencies, packageOf(name)))
        return false
      // Written with it when the package is built, and never when it runs.
      if (part === 'kernels' && name === 'wasmati') return false
      const isOptional = part === 'node' && Object.hasOwn(peerDependencies, packageOf(name))
      return !isOptional || code.includes(`from '${name}'`)
    })
    expect(undeclared).toEqual([])
  })

  test('has a file or a folder of simd kernels for every file of reference kernels', () => {
    const own = (folder: string, without: readonly string[]) =>
      readdirSync(join(root, 'src/kernels', folder))
        .map(name => name.replace(/\.ts$/, ''))
        .filter(name => !without.includes(name))
    const files = own('reference', ['arithmetic', 'reference'])
    expect(files).toContain('gemm')
    const simd = own('simd', [])
    expect(files.filter(name => !simd.includes(name))).toEqual([])
  })

  test('draws no number without a seed', () => {
    expect(uses(/Math\.random|getRandomValues/g, () => false)).toEqual([])
  })

  test('leaves to the engine no function whose last bits engines disagree on', () => {
    const inexact = /Math\.(exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|a?(sin|cos|tan)h?|atan2)\b/g
    expect(uses(inexact, path => path === 'kernels/reference/arithmetic.ts')).toEqual([])
  })
})
