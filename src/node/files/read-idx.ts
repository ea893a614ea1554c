import { createGunzip } from 'node:zlib'
import { IDX_MAX_HEADER_BYTES, type IdxArray, parseIdx, parseIdxHeader } from '../../data/idx.ts'
import { DataError } from '../../errors.ts'
import { filePath } from '../../options.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { readBytes } from './read-bytes.ts'

/** How much is unpacked at a time: with the default of 16 KiB, images take twice as long. */
const CHUNK_BYTES = 1024 * 1024

/**
 * Reads an IDX file, plain or gzipped; its first bytes decide, not its name. No more is unpacked than the dimensions in
 * its header ask for.
 *
 * @throws DataError naming the file where it cannot be read, is no IDX file (see `parseIdx`), or its gzip data is cut
 * off or corrupt
 * @throws OptionError where the path is no string
 * @example
 * const images = await readIdx('train-images-idx3-ubyte.gz')
 * images.shape // [60000, 28, 28]
 */
export async function readIdx(path: string): Promise<Tensor<IdxArray>> {
  const bytes = await readBytes(filePath('readIdx', 'path', path))
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return parseIdx(isGzip ? await unpack(bytes, path) : bytes, path)
}

async function unpack(packed: Buffer, file: string): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  gunzip.end(packed)
  const chunks: Buffer[] = []
  let length = 0
  let end: number | undefined
  try {
    for await (const chunk of gunzip) {
      chunks.push(chunk)
      length += chunk.length
      if (length < IDX_MAX_HEADER_BYTES) continue
      end ??= parseIdxHeader(Buffer.concat(chunks), file).end
      if (length > end) {
        throw new DataError({ file }, 'its gzip data is longer than the dimensions in its header say')
      }
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    throw new DataError({ file }, `its gzip data is cut off or corrupt (${(cause as Error).message})`, {
      cause,
    })
  }
  return Buffer.concat(chunks)
}
