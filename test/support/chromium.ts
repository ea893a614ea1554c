import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executable = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find(path => path && existsSync(path))

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a test says that is skipped since there is no browser. */
export const NO_CHROMIUM = 'no Chromium found: set CHROMIUM to its path'

/** Starts the Chromium of this machine; undefined where there is none. */
export async function launchChromium(): Promise<Browser | undefined> {
  return executable ? chromium.launch({ executablePath: executable, args: flags }) : undefined
}
