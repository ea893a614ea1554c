import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
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

const ROOT = 0
const NOBODY = 65534

/** Runs as a user who owns the folder and has no other rights: root, who has all, becomes nobody meanwhile. */
async function withoutRights(folder: string, run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== ROOT) return run()
  chownSync(folder, NOBODY, NOBODY)
  process.seteuid!(NOBODY)
  await run().finally(() => process.seteuid!(ROOT))
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
    expect(await refusal(nowhere)).toBe(`${nowhere}: cannot be written (a folder has this name)`)
    expect(readdirSync(folder).sort()).toEqual(['file', 'nowhere'])
  })

  test.skipIf(process.getuid === undefined)('says where permission is missing', async () => {
    const folder = tempFolder()
    const kept = join(folder, 'kept')
    writeFileSync(kept, 'old', { mode: 0o444 })
    await withoutRights(folder, async () => {
      expect(await refusal(kept)).toBe(`${kept}: cannot be written (EACCES: permission denied)`)
      chmodSync(folder, 0o555)
      expect(await refusal(join(folder, 'file'))).toContain('cannot be written (EACCES: permission denied)')
    })
    expect(readFileSync(kept, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['kept'])
  })

  test('flushes the file before it has its name, and then the folder', async () => {
    const file = join(tempFolder(), 'file')
    await replaceFile(file, 'new')
    const [written] = vi.mocked(fs.writeFile).mock.calls.at(-1)!
    expect(vi.mocked(fs.writeFile).mock.calls.at(-1)![2]).toMatchObject({ flush: true })
    expect(vi.mocked(fs.rename).mock.calls.at(-1)).toEqual([written, file])
    expect(vi.mocked(fs.open).mock.calls.at(-1)).toEqual([join(file, '..')])
    const [wrote, renamed, opened] = [fs.writeFile, fs.rename, fs.open].map(
      call => vi.mocked(call).mock.invocationCallOrder.at(-1)!,
    )
    expect(wrote).toBeLessThan(renamed)
    expect(renamed).toBeLessThan(opened)
  })

  test('writes through links, to files that are there and to those that are not', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'real'))
    writeFileSync(join(folder, 'real/old'), 'old')
    symlinkSync('real/old', join(folder, 'link'))
    symlinkSync('link', join(folder, 'link-to-link'))
    symlinkSync('real/fresh', join(folder, 'dangling'))
    symlinkSync('loop', join(folder, 'loop'))
    await replaceFile(join(folder, 'link-to-link'), 'new')
    await replaceFile(join(folder, 'dangling'), 'fresh')
    expect(readFileSync(join(folder, 'real/old'), 'utf8')).toBe('new')
    expect(readFileSync(join(folder, 'real/fresh'), 'utf8')).toBe('fresh')
    expect(readlinkSync(join(folder, 'link-to-link'))).toBe('link')
    expect(readdirSync(join(folder, 'real')).sort()).toEqual(['fresh', 'old'])
    expect(await refusal(join(folder, 'loop'))).toContain('cannot be written (ELOOP')
  })

  test('leaves the permissions of a file as they were', async () => {
    const file = join(tempFolder(), 'file')
    for (const permissions of [0o600, 0o664, 0o755]) {
      writeFileSync(file, 'old')
      chmodSync(file, permissions)
      await replaceFile(file, 'new')
      expect(statSync(file).mode & 0o777).toBe(permissions)
    }
  })

  test.skipIf(!existsSync('/dev/full'))('takes no device for a file', async () => {
    expect(await refusal('/dev/full')).toBe('/dev/full: cannot be written (a pipe or a device has this name)')
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true)
  })

  test('of several calls at once, the last one’s content stays, and none leaves anything behind', async () => {
    const file = join(tempFolder(), 'file')
    // The first ones take longest, and one fails.
    const calls = Array.from({ length: 20 }, (_, i) => replaceFile(file, `${i} `.repeat(200_000 / (i + 1))))
    vi.mocked(fs.rename).mockRejectedValueOnce(new Error('EIO: i/o error, rename'))
    const results = await Promise.allSettled(calls)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(readFileSync(file, 'utf8')).toBe('19 '.repeat(10_000))
    expect(readdirSync(join(file, '..'))).toEqual(['file'])
  })

  test('says when another process has taken away what was written', async () => {
    const file = join(tempFolder(), 'file')
    vi.mocked(fs.rename).mockImplementationOnce(async unfinished => {
      rmSync(String(unfinished))
      renameSync(String(unfinished), file)
    })
    expect(await refusal(file)).toBe(
      `${file}: cannot be written (another process has removed what was written)`,
    )
  })

  test('removes what killed processes left of the file', async () => {
    const file = join(tempFolder(), 'file')
    const other = `${file}2.tmp.999999999-0123`
    for (const left of [`${file}.tmp.999999999-0123`, other]) writeFileSync(left, 'half')
    await replaceFile(file, 'whole')
    expect(readdirSync(join(file, '..'))).toEqual(['file', 'file2.tmp.999999999-0123'])
  })
})
