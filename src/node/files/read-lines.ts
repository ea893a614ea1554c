import type { FileHandle } from 'node:fs/promises'
import { DataError } from '../../errors.ts'

const LINE_FEED = 0x0a

/** No line of numbers is as long as this; a file without line ends must not fill the memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

/**
 * The lines of an open file as bytes, each with its line feed, which the last one gets where it has none. A line is
 * valid until the next one is asked for.
 *
 * @param onProgress called with the bytes read so far, a chunk at a time
 * @throws DataError where a line is longer than 4 MiB
 */
export async function* readLines(
  file: FileHandle,
  path: string,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let bytes = 0
  let row = 1
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    const text: Buffer = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, start)) {
      yield text.subarray(start, end + 1)
      start = end + 1
      row++
    }
    rest = text.subarray(start)
    if (rest.length > MAX_LINE_BYTES) {
      throw new DataError(
        { file: path, row },
        `has no end within ${MAX_LINE_BYTES} bytes: is this a CSV file?`,
      )
    }
    bytes += chunk.length
    onProgress(bytes)
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.of(LINE_FEED)])
}
