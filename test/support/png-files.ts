import { crc32, deflateSync } from 'node:zlib'

/** What a PNG file is made of, beside its pixels. */
interface PngParts {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colourType: number
  readonly interlace?: number
  /** Each row's bytes, with the byte of its filter before them. */
  readonly rows: readonly (readonly number[])[]
  /** Chunks between the header and the pixels. */
  readonly between?: readonly (readonly [type: string, data: Uint8Array])[]
}

/** A PNG file, byte by byte: for kinds that the encoder does not write, and for wrong ones. */
export function pngFile({
  width,
  height,
  depth,
  colourType,
  interlace = 0,
  rows,
  between = [],
}: PngParts): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, interlace], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...between.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
