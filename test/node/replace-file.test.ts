import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { DataError } from '../../src/errors.ts'
import { replaceFile } from '../../src/node/replace-file.ts'
import { tempFolder } from '../support/temp-folder.ts'

vi.mock('node:fs/promises', { spy: true })

async function refusal(file: string): Promise<string> {
  const error = await replaceFile(file, 'new').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as DataError).place).toEqual({ file })
  return (error as DataError).message
}

describe('replaceFile', () => {
  test('writes texts, bytes and pieces of bytes, over what was there', async () => {
    const file = join(tempFolder(), 'file')
    await replaceFile(file, 'größer')
    expect(readFileSync(file, 'utf8')).toBe('größer')
    await replaceFile(file, Uint8Array.of(1, 255))
    expect([...readFileSync(file)]).toEqual([1, 255])
    await replaceFile(file, [Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)])
    expect([...readFileSync(file)]).toEqual([1, 2, 3])
    expect(readdirSync(join(file, '..'))).toEqual(['file'])
  })

  test('leaves what was there where it fails half way, and nothing else', async () => {
    const file = join(tempFolder(), 'file')
    writeFileSync(file, 'old')
    vi.mocked(fs.writeFile).mockImplementationOnce(async unfinished => {
      writeFileSync(String(unfinished), 'ne')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    expect(await refusal(file)).toBe(`${file}: cannot be written (ENOSPC: no space left on device)`)
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(join(file, '..'))).toEqual(['file'])
  })

  test('says what is wrong with the path', async () => {
    const folder = tempFolder()
    const nowhere = join(folder, 'nowhere')
    expect(await refusal(join(nowhere, 'file'))).toContain(
      `cannot be written (there is no folder ${nowhere})`,
    )
    writeFileSync(join(folder, 'file'), '')
    expect(await refusal(join(folder, 'file', 'x'))).toMatch(
      /cannot be written \((ENOTDIR|there is no folder)/,
    )
    mkdirSync(nowhere)
    expect(await refusal(nowhere)).toMatch(/cannot be written \((a folder has this name|EPERM|EEXIST)/)
    expect(readdirSync(folder).sort()).toEqual(['file', 'nowhere'])
  })

  test.skipIf(process.getuid === undefined || process.getuid() === 0)(
    'says where permission is missing (skipped for root, who has every permission)',
    async () => {
      const folder = tempFolder()
      chmodSync(folder, 0o555)
      expect(await refusal(join(folder, 'file'))).toContain('cannot be written (EACCES: permission denied)')
    },
  )

  test('removes what killed processes left of the file', async () => {
    const file = join(tempFolder(), 'file')
    const other = `${file}2.tmp.999999999-0123`
    for (const left of [`${file}.tmp.999999999-0123`, other]) writeFileSync(left, 'half')
    await replaceFile(file, 'whole')
    expect(readdirSync(join(file, '..'))).toEqual(['file', 'file2.tmp.999999999-0123'])
  })
})
