import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setBackend } from 'convnet-ts'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts'
import { fiveSteps } from '../support/five-steps.ts'
import { modulesIn, packLibrary, root, unpack, writtenModules } from '../support/packed-library.ts'

const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-browser-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Bundles `five-steps.ts` against the packed library, as a page would have it. */
async function bundle() {
  const library = join(folder, 'node_modules/convnet-ts')
  mkdirSync(library, { recursive: true })
  unpack(packLibrary(folder), library)
  cpSync(join(root, 'test/support/five-steps.ts'), join(folder, 'five-steps.ts'))
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ['five-steps.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    conditions: ['browser'],
    format: 'iife',
    globalName: 'bundled',
    nodePaths: [join(root, 'node_modules')],
  })
  return { script: outputFiles[0].text, inputs: Object.keys(metafile.inputs) }
}

/** The modules that went into a file of the package. */
function sourcesOf(file: string): string[] {
  const { sources } = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8'))
  return sources.map((path: string) => path.slice(path.indexOf('src/')))
}

describe('the browser bundle', () => {
  let bundled: Awaited<ReturnType<typeof bundle>>
  let browser: Browser | undefined
  beforeAll(async () => {
    bundled = await bundle()
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  test("needs neither Node's modules nor a stand-in for them", () => {
    expect(bundled.inputs).toContain('node_modules/convnet-ts/dist/browser.js')
    const sources = bundled.inputs.filter(path => path.includes('convnet-ts/dist/')).flatMap(sourcesOf)
    expect(sources).toContain('src/model/sequential.ts')
    expect(sources.filter(path => path.startsWith('src/node/'))).toEqual([])
    // seedrandom asks for it only to seed itself, which this library never lets it do.
    expect(bundled.inputs.filter(path => path.startsWith('(disabled)'))).toEqual(['(disabled):crypto'])
  })

  test('has the modules that a browser may need, and not those for turbo', () => {
    expect(modulesIn(bundled.script).sort()).toEqual(writtenModules(false).sort())
  })

  test('trains five steps in Chromium to the bits that Node gets', async context => {
    if (!browser) return context.skip(NO_CHROMIUM)
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => problems.push(message.text()))
    await page.addScriptTag({ content: bundled.script })
    const there: unknown = await page.evaluate('bundled.fiveSteps()')
    expect(problems).toEqual([])
    // Whatever the environment asks for: only these numerics promise the same bits on every engine.
    setBackend({ numerics: 'strict', fusion: true })
    const here = await fiveSteps()
    expect(here.weights.length).toBe(4 * 9 + 4 + 36 * 8 + 8 + 8 * 10 + 10)
    expect(there).toEqual(here)
  })
})
