import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BackendInfo } from '../../src/backend/info.ts'
import { classNames } from '../../src/data/fashion-mnist.ts'
import { fiveSteps } from '../support/five-steps.ts'
import { writeSmallSet } from '../support/idx-files.ts'
import { modulesIn, packLibrary, root, runNpm, runTool, writtenModules } from '../support/packed-library.ts'

const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-package-'))
const project = join(folder, 'project')
let tarball: string

beforeAll(() => {
  tarball = packLibrary(folder)
  cpSync(join(root, 'test/package/project'), project, { recursive: true })
  cpSync(join(root, 'test/support/five-steps.ts'), join(project, 'five-steps.ts'))
  writeFileSync(join(project, 'quick-start.ts'), quickStart())
  runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], project)
  runTool('tsc', ['-p', 'tsconfig.nodenext.json'], project)
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The program in the README. */
function quickStart(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return /## Quick start\n.*?```ts\n(.*?)```/s.exec(readme)![1]
}

/** Runs Node with such arguments in a folder, the project's if no other, and returns what it prints. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = project): string {
  return execFileSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, ...env },
  })
}

/** A program that chooses all kernels that may be chosen, and prints what computes. What is lacking is told elsewhere. */
const makeAllKernels = (library: string) => `
  import { backend, setBackend, setTerminal } from '${library}'
  setTerminal({ write() {} })
  const chosen = []
  for (const turbo of [false, true])
    for (const numerics of ['strict', 'fast'])
      for (const relaxedSimd of [false, true]) {
        setBackend({ kernels: 'simd', threads: 1, turbo, numerics, relaxedSimd })
        chosen.push(backend.info)
      }
  console.log(JSON.stringify(chosen))`

describe('the packed library', () => {
  test('holds what is needed, and neither tests nor data', () => {
    const installed = join(project, 'node_modules/convnet-ts')
    expect(readdirSync(installed).sort()).toEqual([
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'dist',
      'examples',
      'package.json',
      'src',
    ])
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare']
    expect(atInstall.filter(name => name in scripts)).toEqual([])
  })

  test('brings no more than its declared dependencies and theirs, none of which runs a script', () => {
    const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))
    expect(Object.keys(packages)).toContain('node_modules/ndarray')
    const scripted = Object.keys(packages).filter(path => packages[path].hasInstallScript)
    expect(scripted).toEqual([])
    expect(Object.keys(packages).length).toBeLessThan(40)
  })

  test('has the module of every target that can be chosen, byte for byte as the source writes it', () => {
    const dist = join(project, 'node_modules/convnet-ts/dist')
    const files = ['', 'chunks'].flatMap(folder =>
      readdirSync(join(dist, folder)).map(name => join(dist, folder, name)),
    )
    const code = files.filter(file => file.endsWith('.js')).map(file => readFileSync(file, 'utf8'))
    const written = [false, true].flatMap(writtenModules)
    expect(new Set(written).size).toBe(6)
    expect(modulesIn(code.join('\n')).sort()).toEqual(written.sort())
  })

  test('runs each of them, without what writes them', () => {
    expect(existsSync(join(project, 'node_modules/wasmati'))).toBe(false)
    const chosen = JSON.parse(run(['--input-type=module', '--eval', makeAllKernels('convnet-ts')]))
    const fromSource = ['--import', 'tsx', '--input-type=module', '--eval', makeAllKernels('./src/index.ts')]
    expect(chosen).toEqual(JSON.parse(run(fromSource, {}, root)))
    expect(chosen.map(({ kernels }: BackendInfo) => kernels)).toEqual(new Array(8).fill('simd'))
  })

  test('passes publint', () => {
    expect(runTool('publint', ['--strict', tarball], root)).toContain('All good!')
  })

  test('passes attw', () => {
    const args = ['--profile', 'esm-only', '--format', 'json', tarball]
    const { analysis } = JSON.parse(runTool('attw', args, root))
    expect(Object.keys(analysis.entrypoints)).toEqual([
      '.',
      './export',
      './report',
      './testing',
      './package.json',
    ])
  })

  test('trains, and checks a gradient, from plain JavaScript', () => {
    const { accuracy, checked } = JSON.parse(run(['train.js']))
    expect(accuracy).toBe(1)
    expect(checked).toBeGreaterThan(10)
  })

  test('type-checks strictly in TypeScript, with nothing skipped, and trains to the same bits', async () => {
    expect(runTool('tsc', ['-p', 'tsconfig.bundler.json'], project)).toBe('')
    expect(JSON.parse(run(['built/main.js']))).toEqual(await fiveSteps())
  })

  test('type-checks for Node alone, without the DOM, where what is missing is not undefined', () => {
    const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')]
    expect(runTool('tsc', ['-p', 'tsconfig.node.json', ...typeRoots], project)).toBe('')
  })

  test('runs the quick start of the README as it stands, in 15 lines', () => {
    const images = join(folder, 'images')
    writeSmallSet(images)
    const printed = run(['built/quick-start.js'], { FASHION_MNIST_DIR: images })
    const ends = /Epoch 2\/2 .* - accuracy: .*\n\{ loss: [\d.]+, accuracy: [\d.]+ \}\n(.*)\n$/.exec(printed)
    expect(ends, printed).not.toBeNull()
    expect(classNames).toContain(ends![1])
    expect(quickStart().trimEnd().split('\n').length).toBeLessThanOrEqual(15)
  })

  test('brings its command line', () => {
    const program = join(project, 'node_modules/.bin/convnet-ts')
    const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const
    expect(execFileSync(program, ['--version'], options)).toMatch(/^\d+\.\d+\.\d+\n$/)
    const { status, stderr } = spawnSync(program, ['summary', 'no-model'], options)
    expect([status, stderr]).toEqual([1, 'convnet-ts: no-model: there is no such file\n'])
  })

  test('keeps its terminal when a bundler leaves out what is not used', () => {
    const bundle = (platform: 'node' | 'browser') =>
      buildSync({
        absWorkingDir: project,
        entryPoints: ['train.js'],
        bundle: true,
        write: false,
        platform,
        format: 'esm',
      }).outputFiles[0].text
    expect(bundle('node')).toContain('setTerminal(standardOutput(process))')
    expect(bundle('browser')).not.toContain('standardOutput')
  })
})
