import { type FileHandle, open, stat } from 'node:fs/promises'
import { DataError } from '../errors.ts'

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
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const why = missing ? 'there is no such file' : `cannot be opened (${(cause as Error).message})`
    throw new DataError({ file: path }, why, { cause })
  }
  throw new DataError({ file: path }, 'is a folder, a pipe or a device, expected a file')
}
