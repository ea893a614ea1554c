import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Bits, Choice } from './train.ts'

/** A browser that can show a page without a window. */
export interface Browser {
  readonly name: string
  readonly program: string
  /** What makes it do so, with a profile in a folder of its own. */
  options(folder: string): readonly string[]
  /** What brings it here. */
  readonly remedy: string
}

export const browsers: readonly Browser[] = [
  {
    name: 'Chromium',
    program: process.env.CHROMIUM ?? 'chromium',
    options: folder => [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${folder}`],
    ],
    remedy: 'apt-get install chromium, or set CHROMIUM to its path',
  },
  {
    name: 'Firefox',
    program: process.env.FIREFOX ?? 'firefox-esr',
    options: folder => ['--headless', '--no-remote', '--profile', folder],
    remedy: 'apt-get install firefox-esr, or set FIREFOX to its path',
  },
]

/** What isolates a page from other origins, so that it may have a SharedArrayBuffer. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** Milliseconds after which a browser that has not answered is given up. */
const PATIENCE = 180_000

/** @throws Error where the browser is not there */
export async function versionOf({ program }: Browser): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version'])
  return /\d[\d.]*/.exec(stdout)?.[0] ?? stdout.trim()
}

/** The program for pages, against the library as browsers have it. */
export async function bundleForPages(): Promise<string> {
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [path('in-browser.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    alias: { 'convnet-ts': path('../../src/browser.ts') },
    logLevel: 'error',
  })
  return outputFiles[0].text
}

/**
 * Trains in a page, which a server of its own on this machine serves.
 *
 * @param script of bundleForPages
 * @throws Error where the page fails, or the browser ends or stays silent
 */
export async function bitsInBrowser(
  browser: Browser,
  script: string,
  choice: Choice,
  isolated: boolean,
): Promise<Bits> {
  const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-bits-'))
  const headers = isolated ? isolation : {}
  let answer = (_: string) => {}
  const answered = new Promise<string>(resolve => {
    answer = resolve
  })
  const server = createServer(async (request, response) => {
    const send = (type: string, body: string) =>
      response.writeHead(200, { ...headers, 'content-type': type }).end(body)
    if (request.method === 'POST') answer(await text(request))
    else if (request.url === '/') send('text/html', '<script type="module" src="/bits.js"></script>')
    else if (request.url === '/bits.js') send('text/javascript; charset=utf-8', script)
    else response.writeHead(404).end()
  })
  let child: ChildProcess | undefined
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const address = `http://127.0.0.1:${port}/#${encodeURIComponent(JSON.stringify(choice))}`
    child = spawn(browser.program, [...browser.options(folder), address], { stdio: 'ignore' })
    const { error, ...bits } = JSON.parse(await Promise.race([answered, silence(browser.name, child)]))
    if (error) throw new Error(`${browser.name}: ${error}`)
    return bits
  } finally {
    server.close()
    server.closeAllConnections()
    if (child?.exitCode === null && child.signalCode === null && child.kill()) await once(child, 'exit')
    // Its processes may write for a moment longer.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** Fails when the browser ends, or has been silent for long. */
function silence(name: string, child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${name} ended with ${code} before it answered`)))
    const late = () => reject(new Error(`${name} has not answered in ${PATIENCE / 1000} s`))
    setTimeout(late, PATIENCE).unref()
  })
}
