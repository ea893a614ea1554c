import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataError } from '../errors.ts'
import { orphans, ownFile } from './own-file.ts'

/**
 * Writes a file beside the one that is meant, and puts it into place when it is whole, so that no one ever reads half of
 * it, and what was there stays until then. Two processes may do so at once; the last one's stays. What a killed one has
 * left is removed.
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
  const unfinished = ownFile(`${file}.tmp`)
  try {
    for (const left of await orphans(`${file}.tmp`)) await rm(left, { force: true })
    await writeFile(unfinished, content, { flag: 'wx' })
    await rename(unfinished, file)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {}) // The first error says more.
    throw new DataError({ file }, `cannot be written (${reason(cause as NodeJS.ErrnoException, file)})`, {
      cause,
    })
  }
}

/** Why, without the name of the unfinished file, which means nothing to anyone. */
function reason({ code, message }: NodeJS.ErrnoException, file: string): string {
  if (code === 'ENOENT') return `there is no folder ${dirname(file)}`
  if (code === 'EISDIR') return 'a folder has this name'
  return message.split(',', 1)[0]
}
