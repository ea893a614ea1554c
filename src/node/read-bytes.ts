import { DataError } from '../errors.ts'
import { openFile } from './open-file.ts'

/**
 * Reads a whole file.
 *
 * @throws DataError naming the file where it cannot be read
 * @example
 * const bytes = await readBytes('stylist.safetensors')
 */
export async function readBytes(path: string): Promise<Buffer> {
  const file = await openFile(path)
  try {
    return await file.readFile()
  } catch (cause) {
    throw new DataError({ file: path }, `cannot be read (${(cause as Error).message})`, { cause })
  } finally {
    await file.close()
  }
}
