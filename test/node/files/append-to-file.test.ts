import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DataError } from '../../../src/errors.ts'
import { appendToFile } from '../../../src/node/files/append-to-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

async function refusal(file: string): Promise<DataError> {
  const error = await appendToFile(file, 'more').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as DataError).place).toEqual({ file })
  return error as DataError
}

describe('appendToFile', () => {
  test('adds texts and bytes at the end', async () => {
    const file = join(tempFolder(), 'log')
    writeFileSync(file, 'a')
    await appendToFile(file, 'größer')
    await appendToFile(file, Uint8Array.of(0x0a, 0x62))
    expect(readFileSync(file, 'utf8')).toBe('agrößer\nb')
  })

  test('makes no file anew', async () => {
    const file = join(tempFolder(), 'log')
    expect((await refusal(file)).message).toBe(`${file}: is gone`)
    expect(existsSync(file)).toBe(false)
  })

  test('says why a file cannot be written', async () => {
    const folder = join(tempFolder(), 'folder')
    mkdirSync(folder)
    expect((await refusal(folder)).message).toMatch(/: cannot be written \(E(ISDIR|PERM|ACCES)/)
  })

  test.skipIf(!existsSync('/dev/full'))('says that a disk is full', async () => {
    expect((await refusal('/dev/full')).message).toContain(
      'cannot be written (ENOSPC: no space left on device',
    )
  })
})
