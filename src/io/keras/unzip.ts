import { Unzip, UnzipInflate } from 'fflate'
import { ModelFileError } from '../../errors.ts'
import type { Problems } from '../problems.ts'

/** A `.keras` file has a handful of entries, and more where layers keep files of their own. */
const MAX_ENTRIES = 1000

/** Bytes unpacked at a time: no more than a thousand times as many can come out, before they are counted. */
const PIECE = 4096

/** Whether bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4

/**
 * Takes one entry out of a zip archive, packed or stored.
 *
 * @param limit the most bytes that it may have, whatever the archive says
 * @throws ModelFileError where the archive is malformed, has no such entry, or two, or a larger one
 */
export function unzipEntry(
  bytes: Uint8Array,
  entry: string,
  limit: number,
  problems: Problems,
): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  const state = { entries: 0, found: 0, length: 0, isWhole: false }
  const tooLarge = (found: number): never =>
    problems.fail(`${entry} has ${found} bytes, expected at most ${limit}`)

  const unzip = new Unzip(file => {
    if (++state.entries > MAX_ENTRIES) problems.fail(`has more than ${MAX_ENTRIES} entries`)
    if (file.name !== entry) return
    if (++state.found > 1) problems.fail(`has two entries of the name ${entry}`)
    if ((file.originalSize ?? 0) > limit) tooLarge(file.originalSize!)
    file.ondata = (error, chunk, isLast) => {
      if (error) throw error
      chunks.push(chunk)
      state.length += chunk.length
      state.isWhole = isLast
      if (state.length > limit) tooLarge(state.length)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    for (let i = 0; i < bytes.length; i += PIECE) {
      unzip.push(bytes.subarray(i, i + PIECE), i + PIECE >= bytes.length)
    }
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause
    problems.fail(`is no zip archive that can be read (${(cause as Error).message})`, { cause })
  }
  if (state.found === 0) problems.fail(`is a zip archive without ${entry}, expected one that Keras has made`)
  if (!state.isWhole) problems.fail(`${entry} is cut off`)

  const whole = new Uint8Array(state.length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
