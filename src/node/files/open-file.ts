import { type FileHandle, open, readlink, stat } from 'node:fs/promises'
import { DataError } from '../../errors.ts'

/**
 * Opens a file to read it. What is no regular file is refused before it is opened: opening a pipe waits for someone who
 * writes to it, which nothing can interrupt, and a device may have no end.
 *
 * @throws DataError where there is no such file, it cannot be opened, or it is a folder, a pipe or a device
 * @example
 * const file = await openFile('fashion-mnist_train.csv')
 */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isFile()) return await open(path)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? await missing(path) : `cannot be opened (${message})`
    throw new DataError({ file: path }, why, { cause })
  }
  throw new DataError({ file: path }, 'is a folder, a pipe or a device, expected a file')
}

async function missing(path: string): Promise<string> {
  const link = await readlink(path).catch(() => null)
  return link === null ? 'there is no such file' : `is a link to ${link}, where there is no file`
}
