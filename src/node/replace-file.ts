import { chmod, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DataError } from '../errors.ts'
import { orphans, ownFile } from './own-file.ts'

/** What is being written to each file by this process. */
const underWay = new Map<string, Promise<void>>()

/**
 * Writes a file beside the one that is meant, and puts it into place when it is whole and on the disk, so that no one ever
 * reads half of it, and what was there stays until then, whenever the process is killed or the power fails. What a killed
 * process has left is removed. A link stays, and the file that it leads to is replaced; permissions stay as they were.
 *
 * Two writers of one file never mix: within a process they follow one another, so that the last call's content stays; of two
 * processes the one that finishes last wins. There is no lock, which a killed process would leave behind and which would end
 * a training of days for a conflict of milliseconds.
 *
 * @param content a text, as UTF-8, or bytes; several pieces of bytes follow one another
 * @throws DataError naming the file where it cannot be written: there is no such folder, no permission, no space
 * @example
 * await replaceFile('run/report.html', html)
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  const key = resolve(file)
  const before = underWay.get(key)
  const write = (async () => {
    await before?.catch(() => {}) // Its own caller is told.
    await replaceNow(file, content)
  })()
  underWay.set(key, write)
  try {
    await write
  } catch (cause) {
    throw new DataError({ file }, `cannot be written (${reason(cause as NodeJS.ErrnoException, file)})`, {
      cause,
    })
  } finally {
    if (underWay.get(key) === write) underWay.delete(key)
  }
}

async function replaceNow(file: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<void> {
  const target = await throughLinks(file)
  const permissions = await permissionsOf(target)
  const unfinished = ownFile(`${target}.tmp`)
  try {
    // A folder that cannot be listed may still be written to.
    for (const left of await orphans(`${target}.tmp`).catch(() => [])) await rm(left, { force: true })
    await writeFile(unfinished, content, { flag: 'wx', flush: true })
    if (permissions !== null) await chmod(unfinished, permissions)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}) // The first error says more.
    throw error
  }
  await flushFolder(dirname(target))
}

/** Where a path leads to in the end, be there a file or none yet. */
async function throughLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const link = await readlink(path).catch(() => null)
    return link === null ? path : throughLinks(resolve(dirname(path), link))
  }
}

/** The permissions of a file that may be replaced; null where there is none. */
async function permissionsOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path)
    if (stats.isDirectory()) throw new Error('a folder has this name')
    if (!stats.isFile()) throw new Error('a pipe or a device has this name')
    // A new file in its place would need the folder's permission alone.
    const file = await open(path, 'r+')
    await file.close()
    return stats.mode & 0o7777
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Has the disk keep a file's new name. */
async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await open(path)
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    // Windows opens no folders, some file systems flush none, and one may be open to writing only.
    const unable = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']
    if (!unable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Why, without the name of the unfinished file, which means nothing to anyone. */
function reason({ code, syscall, message }: NodeJS.ErrnoException, file: string): string {
  if (code !== 'ENOENT') return message.split(',', 1)[0]
  return syscall === 'rename'
    ? 'another process has removed what was written'
    : `there is no folder ${dirname(file)}`
}
