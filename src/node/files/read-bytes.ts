import { DataError } from '../../errors.ts'
import { openFile } from './open-file.ts'
import { readInto } from './read-into.ts'

/**
 * Reads a whole file, as long as it is when it is opened, and as long as an array can be: 4 GiB with Node 20, later what
 * memory holds.
 *
 * @throws DataError naming the file where it cannot be read, or is larger than that
 * @example
 * const bytes = await readBytes('stylist.safetensors')
 */
export async function readBytes(path: string): Promise<Buffer> {
  const file = await openFile(path)
  try {
    const bytes = allocate((await file.stat()).size)
    await readInto(bytes, file, 0)
    return bytes
  } catch (cause) {
    throw new DataError({ file: path }, `cannot be read (${(cause as Error).message})`, { cause })
  } finally {
    await file.close()
  }
}

function allocate(bytes: number): Buffer {
  try {
    // Not `allocUnsafe`, whose small buffers are parts of one that many share.
    return Buffer.alloc(bytes)
  } catch (cause) {
    const megabytes = (bytes / 1e6).toFixed(1)
    throw new Error(`it has ${megabytes} MB, more than memory can be had for in one piece`, { cause })
  }
}
