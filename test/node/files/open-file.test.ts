import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DataError } from '../../../src/errors.ts'
import { openFile } from '../../../src/node/files/open-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

async function refusal(path: string): Promise<string> {
  const error = await openFile(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  return (error as DataError).message
}

const NO_FILE = 'is a folder, a pipe or a device, expected a file'

describe('openFile', () => {
  test('opens a file to read', async () => {
    const path = join(tempFolder(), 'file')
    writeFileSync(path, 'text')
    const file = await openFile(path)
    expect(await file.readFile('utf8')).toBe('text')
    await file.close()
  })

  test('says what is wrong with the path', async () => {
    const folder = tempFolder()
    const path = join(folder, 'file')
    expect(await refusal(path)).toBe(`${path}: there is no such file`)
    writeFileSync(path, '')
    expect(await refusal(join(path, 'x'))).toMatch(/cannot be opened \(ENOTDIR|there is no such file/)
    expect(await refusal(folder)).toBe(`${folder}: ${NO_FILE}`)
    const link = join(folder, 'link')
    symlinkSync('gone', link)
    expect(await refusal(link)).toBe(`${link}: is a link to gone, where there is no file`)
  })

  test.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const path = join(tempFolder(), 'pipe')
    execFileSync('mkfifo', [path])
    expect(await refusal(path)).toBe(`${path}: ${NO_FILE}`)
  })

  test.skipIf(!existsSync('/dev/zero'))('refuses a device, which has no end', async () => {
    expect(await refusal('/dev/zero')).toBe(`/dev/zero: ${NO_FILE}`)
  })
})
