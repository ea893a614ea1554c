import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder, empty, which is removed with all in it when the test that asked for it has ended. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
