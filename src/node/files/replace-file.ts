import { chmod, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DataError } from '../../errors.ts'
import { filePath } from '../../options.ts'
import { ownFile, ownFiles } from './own-file.ts'
import { whyNoFolder } from './why-no-folder.ts'

/** What this process is writing: each file by the path that was given, and by the one that this leads to in the end. */
const underWay = new Set<string>()

/** A living process writes all the time; what has lain for so long was left by one whose PID has passed on to another. */
const SILENCE_MS = 60_000

/**
 * Writes a file beside the one that is meant, and puts it into place when it is whole and on the disk, so that no one ever
 * reads half of it, and what was there stays until then, whenever the process is killed or the power fails. What a killed
 * process has left is removed. A link stays, and the file that it leads to is replaced; permissions stay as they were.
 *
 * Two writers of one file never mix, and neither undoes unseen what the other has done: whoever finds a write of it under
 * way gives way with an error, be the other one in this process or another, and what was there stays. Two that begin at
 * the same moment may both give way. There is no lock that a killed process could leave behind: an unfinished file has
 * the PID of its writer in its name. Where a folder cannot be listed, other processes are not seen, and the one that
 * finishes last wins.
 *
 * @param content a text, as UTF-8, or bytes; several pieces of bytes follow one another
 * @throws OptionError for what is no path
 * @throws DataError naming the file where it cannot be written: it is being written (its `cause` then has the code
 * EBUSY), there is no such folder, no permission, no space
 * @example
 * await replaceFile('run/report.html', html)
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  const path = resolve(filePath('replaceFile', 'file', file))
  try {
    await alone(path, async () => {
      if (!file.endsWith(basename(file))) throw new Error('it ends in a slash, expected the name of a file')
      const target = await throughLinks(file)
      const write = () => replaceNow(target, content)
      await (target === path ? write() : alone(target, write))
    })
  } catch (cause) {
    throw new DataError({ file }, `cannot be written (${reason(cause as NodeJS.ErrnoException)})`, { cause })
  }
}

/** Whether an error of {@link replaceFile} says that the file is being written. */
export const isBusy = (error: unknown): boolean =>
  error instanceof DataError && (error.cause as NodeJS.ErrnoException).code === BUSY

const BUSY = 'EBUSY'

const busy = (writer: string): Error => Object.assign(new Error(`${writer} is writing it`), { code: BUSY })

/** Writes a file that no other call of this process is writing. */
async function alone(path: string, write: () => Promise<void>): Promise<void> {
  if (underWay.has(path)) throw busy('another call of this process')
  underWay.add(path)
  try {
    await write()
  } finally {
    underWay.delete(path)
  }
}

async function replaceNow(
  target: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  const permissions = await permissionsOf(target)
  const base = `${target}.tmp`
  const unfinished = ownFile(base)
  try {
    // Made before it looks for others: of two writers at once, at least the one that looks last sees the other.
    await writeFile(unfinished, '', { flag: 'wx' })
    await giveWay(base, unfinished)
    await writeFile(unfinished, content, { flag: 'r+', flush: true })
    if (permissions !== null) await chmod(unfinished, permissions)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {}) // The first error says more.
    throw error
  }
  await flushFolder(dirname(target))
}

/** Throws where another process is writing the file, and removes what killed ones have left. */
async function giveWay(base: string, own: string): Promise<void> {
  // A folder that cannot be listed may still be written to.
  const files = await ownFiles(base).catch(() => [])
  // By the clock that gives files their times, which may be another computer's.
  const now = (await stat(own)).mtimeMs
  for (const { path, pid, isOrphan } of files.filter(({ path }) => path !== own)) {
    const stats = await stat(path).catch(() => null)
    if (!stats) continue // It has just been finished, and is in its place.
    if (!isOrphan && stats.mtimeMs >= now - SILENCE_MS) {
      throw busy(pid === process.pid ? 'another thread of this process' : `process ${pid}`)
    }
    await rm(path, { force: true }).catch(() => {}) // It may be another user's, and harms nothing.
  }
}

/** Where a path leads to in the end, be there a file or none yet. */
async function throughLinks(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    const folder = dirname(path)
    const link = await readlink(path).catch(() => null)
    if (link !== null) return throughLinks(resolve(folder, link))
    const why = await whyNoFolder(folder)
    if (why !== null) throw new Error(why)
    return join(await realpath(folder), basename(path))
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

/** Why, without the name of the unfinished file, which means nothing to anyone: the system's errors end in it. */
function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === undefined) return message
  return code === 'ENOENT' ? 'another process has removed what was written' : message.split(',', 1)[0]
}
