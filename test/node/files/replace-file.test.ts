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
  utimesSync,
  writeFileSync,
} from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { DataError, OptionError } from '../../../src/errors.ts'
import { ownFile } from '../../../src/node/files/own-file.ts'
import { isBusy, replaceFile } from '../../../src/node/files/replace-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

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
    const fail = async (unfinished: unknown) => {
      writeFileSync(String(unfinished), 'ne')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    const { writeFile } = await vi.importActual<typeof fs>('node:fs/promises')
    for (const before of [[], [writeFile]]) {
      for (const step of before) vi.mocked(fs.writeFile).mockImplementationOnce(step)
      vi.mocked(fs.writeFile).mockImplementationOnce(fail)
      expect(await refusal(file)).toBe(`${file}: cannot be written (ENOSPC: no space left on device)`)
      expect(readFileSync(file, 'utf8')).toBe('old')
      expect(readdirSync(join(file, '..'))).toEqual(['file'])
    }
  })

  test('says what is wrong with the path', async () => {
    const folder = tempFolder()
    const nowhere = join(folder, 'nowhere')
    expect(await refusal(join(nowhere, 'file'))).toContain(
      `cannot be written (there is no folder ${nowhere})`,
    )
    writeFileSync(join(folder, 'file'), '')
    for (const below of ['file/x', 'file/x/y'])
      expect(await refusal(join(folder, below))).toContain(`(${join(folder, 'file')} is no folder)`)
    expect(await refusal(join(nowhere, 'deep', 'file'))).toContain(`(there is no folder ${nowhere})`)
    for (const slash of [`${nowhere}/`, `${join(folder, 'file')}/`])
      expect(await refusal(slash)).toBe(
        `${slash}: cannot be written (it ends in a slash, expected the name of a file)`,
      )
    mkdirSync(nowhere)
    expect(await refusal(nowhere)).toBe(`${nowhere}: cannot be written (a folder has this name)`)
    expect(readdirSync(folder).sort()).toEqual(['file', 'nowhere'])
  })

  test.each<[unknown, string]>([
    ['', 'a path, with at least one character'],
    ['a\0b', 'a path, which has no NUL in it'],
    [5, 'a path, as a string'],
    ['file:///tmp/a', "a path, which fileURLToPath of 'node:url' makes of it"],
    [new URL('file:///tmp/a'), "a path, which fileURLToPath of 'node:url' makes of it"],
  ])('takes no %j for a path', async (path, expected) => {
    const refused = expect(replaceFile(path as string, 'new')).rejects
    await refused.toThrow(OptionError)
    await refused.toThrow(`expected ${expected}`)
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
    expect(vi.mocked(fs.writeFile).mock.calls.at(-1)!.slice(1)).toEqual(['new', { flag: 'r+', flush: true }])
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
    symlinkSync('gone/file', join(folder, 'astray'))
    expect(await refusal(join(folder, 'astray'))).toContain(`(there is no folder ${join(folder, 'gone')})`)
    symlinkSync('gone', join(folder, 'lost'))
    expect(await refusal(join(folder, 'lost', 'file'))).toContain(
      `(${join(folder, 'lost')} is a link to gone, where there is no folder)`,
    )
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

  test('of several calls at once, the first one writes, and the others say so', async () => {
    const folder = tempFolder()
    const file = join(folder, 'file')
    const calls = Array.from({ length: 20 }, (_, i) => replaceFile(file, `${i}`))
    const [first, ...others] = await Promise.allSettled(calls)
    expect(first.status).toBe('fulfilled')
    for (const other of others) {
      const { reason } = other as PromiseRejectedResult
      expect(reason).toBeInstanceOf(DataError)
      expect(reason.message).toBe(`${file}: cannot be written (another call of this process is writing it)`)
      expect(isBusy(reason)).toBe(true)
    }
    expect(readFileSync(file, 'utf8')).toBe('0')
    await replaceFile(file, 'later')
    expect(readFileSync(file, 'utf8')).toBe('later')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('knows a file by all paths that lead to it, be it there or not', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'real'))
    symlinkSync('real', join(folder, 'alias'))
    symlinkSync('real/file', join(folder, 'link'))
    const paths = ['real/file', 'alias/file', 'link'].map(path => join(folder, path))
    for (let round = 0; round < 2; round++) {
      const results = await Promise.allSettled(paths.map(path => replaceFile(path, path)))
      const written = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [paths[i]] : []))
      expect(written).toEqual([readFileSync(paths[0], 'utf8')])
    }
    expect(readdirSync(join(folder, 'real'))).toEqual(['file'])
  })

  /** As another writer of the file would have it; the parent of the tests' process lives. */
  function unfinishedOf(file: string, pid = process.ppid): string {
    const unfinished = ownFile(`${file}.tmp`).replace(`.${process.pid}-`, `.${pid}-`)
    writeFileSync(unfinished, 'half')
    return unfinished
  }

  test('gives way to a living process that writes the file, directly or through a link', async () => {
    const folder = tempFolder()
    const file = join(folder, 'file')
    const link = join(folder, 'link')
    symlinkSync('file', link)
    writeFileSync(file, 'old')
    const unfinished = unfinishedOf(file)
    for (const path of [file, link]) {
      expect(await refusal(path)).toBe(`${path}: cannot be written (process ${process.ppid} is writing it)`)
    }
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['file', basename(unfinished), 'link'])
    renameSync(unfinished, file)
    await replaceFile(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
  })

  test('gives way to another thread of its process', async () => {
    const file = join(tempFolder(), 'file')
    unfinishedOf(file, process.pid)
    expect(await refusal(file)).toBe(
      `${file}: cannot be written (another thread of this process is writing it)`,
    )
  })

  test('gives way to a writer that comes while it begins', async () => {
    const file = join(tempFolder(), 'file')
    vi.mocked(fs.readdir).mockImplementationOnce(async folder => {
      unfinishedOf(file)
      return readdirSync(String(folder)) as never
    })
    expect(await refusal(file)).toContain(`process ${process.ppid} is writing it`)
    expect(existsSync(file)).toBe(false)
  })

  test('goes on where a writer finishes meanwhile', async () => {
    const file = join(tempFolder(), 'file')
    vi.mocked(fs.readdir).mockImplementationOnce(async folder => {
      const unfinished = unfinishedOf(file)
      const names = readdirSync(String(folder))
      renameSync(unfinished, file)
      return names as never
    })
    await replaceFile(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
  })

  test('does not wait for what was left by one whose PID another process has now', async () => {
    const file = join(tempFolder(), 'file')
    const minutesAgo = new Date(Date.now() - 300_000)
    utimesSync(unfinishedOf(file), minutesAgo, minutesAgo)
    await replaceFile(file, 'new')
    expect(readdirSync(dirname(file))).toEqual(['file'])
  })

  test('writes into a folder that cannot be listed', async () => {
    const file = join(tempFolder(), 'file')
    unfinishedOf(file)
    vi.mocked(fs.readdir).mockRejectedValueOnce(Object.assign(new Error('EACCES'), { code: 'EACCES' }))
    await replaceFile(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
  })

  test('replaces files whose names are as long as a name can be', async () => {
    const folder = tempFolder()
    for (const name of ['x'.repeat(255), `${'ß'.repeat(127)}x`]) {
      const file = join(folder, name)
      await replaceFile(file, 'old')
      unfinishedOf(file, 999_999_999)
      const unfinished = unfinishedOf(file)
      expect(await refusal(file)).toContain('is writing it')
      rmSync(unfinished)
      await replaceFile(file, 'new')
      expect(readFileSync(file, 'utf8')).toBe('new')
    }
    expect(readdirSync(folder)).toHaveLength(2)
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
