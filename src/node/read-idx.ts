import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { constants, gunzip } from 'node:zlib'
import { IDX_MAX_HEADER_BYTES, type IdxArray, parseIdx, parseIdxHeader } from '../data/idx.ts'
import { DataError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'

const unzip = promisify(gunzip)

/** Deflate never packs more than 1032 bytes into one. */
const MAX_RATIO = 1032

/**
 * Reads an IDX file, plain or gzipped; its first bytes decide, not its name. No more is unpacked than the dimensions in
 * its header ask for.
 *
 * @throws DataError naming the file where it cannot be read, is no IDX file (see `parseIdx`), or its gzip data is cut
 * off or corrupt
 * @example
 * const images = await readIdx('train-images-idx3-ubyte.gz')
 * images.shape // [60000, 28, 28]
 */
export async function readIdx(path: string): Promise<Tensor<IdxArray>> {
  const bytes = await readFile(path).catch(cause => {
    throw new DataError({ file: path }, `cannot be read (${cause.message})`, { cause })
  })
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return parseIdx(isGzip ? await unpack(bytes, path) : bytes, path)
}

async function unpack(packed: Buffer, file: string): Promise<Buffer> {
  try {
    // A cut off beginning unpacks to a beginning when told to flush; this much is enough for any header.
    const beginning = packed.subarray(0, 2 * IDX_MAX_HEADER_BYTES)
    const { end } = parseIdxHeader(await unzip(beginning, { finishFlush: constants.Z_SYNC_FLUSH }), file)
    if (end > packed.length * MAX_RATIO) {
      throw new DataError(
        { file },
        `its header asks for ${end} bytes, more than ${packed.length} gzipped ones can hold`,
      )
    }
    return await unzip(packed, { maxOutputLength: end })
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DataError({ file }, 'its gzip data is longer than the dimensions in its header say', {
        cause,
      })
    }
    throw new DataError({ file }, `its gzip data is cut off or corrupt (${message})`, { cause })
  }
}
