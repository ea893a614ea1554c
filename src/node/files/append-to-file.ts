import { constants } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { DataError } from '../../errors.ts'

/**
 * Adds to the end of a file that exists. It is opened for that alone: nothing stays open where a program fails, and what
 * was added stays where it is killed.
 *
 * @throws DataError where the file is gone or cannot be written
 * @example
 * await appendToFile('run/log.csv', '3,0.2515\n')
 */
export async function appendToFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    // The flag 'a' would make the file again where someone has removed it, without its beginning.
    await appendFile(file, content, { flag: constants.O_WRONLY | constants.O_APPEND })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is gone' : `cannot be written (${message})`
    throw new DataError({ file }, why, { cause })
  }
}
