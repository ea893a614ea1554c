import { inflateSync } from 'node:zlib'
import type { DecodedPng } from 'fast-png'
import { exifOrientation, upright } from '../../data/photo/orientation.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'

const MAX_PIXELS = 100e6
const MAX_BYTES = 4 * MAX_PIXELS

const SIGNATURE_BYTES = 8

/** The parts of a PNG file that have to do with its pixels. Others may hold whatever they like, packed, and are not read. */
const NEEDED = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']

/** How a camera was held, where a photo comes from one. */
const EXIF = 'eXIf'

const PALETTE = 3

/** Samples of a pixel, by the type of colour that a PNG's header has. */
const samplesOf = new Map([
  [0, 1],
  [2, 3],
  [PALETTE, 1],
  [4, 2],
  [6, 4],
])

interface Chunk {
  readonly type: string
  readonly data: Buffer
  /** All of it, from its length to its checksum. */
  readonly whole: Buffer
}

interface Header {
  readonly width: number
  readonly height: number
  /** Bits of a sample. */
  readonly depth: number
  readonly colourType: number
  readonly isInterlaced: boolean
}

/**
 * The pixels of a PNG file, of eight bits, turned as a camera was held.
 *
 * Source: https://www.w3.org/TR/png-3/
 *
 * @returns [H, W, 4]
 * @throws Error where it is damaged, larger than 100 million pixels or 400 MB, or unpacks to more than its header says
 */
export async function decodePng(bytes: Uint8Array): Promise<Tensor<Uint8Array>> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const all = readChunks(file)
  const chunks = all.filter(({ type }) => NEEDED.includes(type))
  const header = readHeader(chunks[0])
  checkPixels(header, chunks)
  const { decode, convertIndexedToRgb } = await import('fast-png')
  const needed = [file.subarray(0, SIGNATURE_BYTES), ...chunks.map(({ whole }) => whole)]
  const png = decode(Buffer.concat(needed), { checkCrc: true })
  const exif = all.find(({ type }) => type === EXIF)
  return upright(rgbaOf(png, convertIndexedToRgb), exif ? exifOrientation(exif.data) : 1)
}

function readChunks(file: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = SIGNATURE_BYTES; chunks.at(-1)?.type !== 'IEND'; ) {
    const end = at + 8 < file.length ? at + 12 + file.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (end > file.length) throw new Error('it ends too early')
    const type = file.toString('latin1', at + 4, at + 8)
    chunks.push({ type, data: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) })
    at = end
  }
  return chunks
}

function readHeader({ type, data }: Chunk): Header {
  if (type !== 'IHDR' || data.length !== 13) throw new Error('it has no header')
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)]
  const [depth, colourType, , , interlace] = data.subarray(8)
  if (width === 0 || height === 0) throw new Error('it has no pixels')
  if (width * height > MAX_PIXELS) {
    throw new Error(`it has ${width} × ${height} pixels, more than 100 million`)
  }
  // Such a file is read wrongly, and is hardly ever written.
  if (interlace !== 0 && depth < 8)
    throw new Error(`it is interlaced and has ${depth} bits, expected 8 or 16`)
  return { width, height, depth, colourType, isInterlaced: interlace !== 0 }
}

/** Refuses a file that unpacks to more than its header says, before anyone keeps what it unpacks to, and one that lacks rows. */
function checkPixels(
  { width, height, depth, colourType, isInterlaced }: Header,
  chunks: readonly Chunk[],
): void {
  const channels = samplesOf.get(colourType)
  if (channels === undefined) throw new Error(`its type of colour is ${colourType}`)
  const row = Math.ceil((width * channels * depth) / 8)
  // Before each row stands a byte; interlaced, an image is seven smaller ones, of less than twice as many rows.
  const expected = height * (row + 1)
  if (expected > MAX_BYTES) throw new Error(`its pixels take ${expected} bytes, more than 400 MB`)
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  const { length } = unpack(packed, isInterlaced ? expected + height + 8 : expected)
  if (length < expected) throw new Error(`it has ${length} bytes of pixels, expected ${expected}`)
}

function unpack(packed: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    throw new Error('it unpacks to more than its header says')
  }
}

/** The samples of each pixel, one by one: of fewer than eight bits, several share a byte, and each row begins with a new one. */
function samples({ width, height, depth, channels, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data
  const row = Math.ceil((width * depth) / 8)
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const x = i % width
    const byte = data[Math.floor(i / width) * row + ((x * depth) >> 3)]
    return (byte >> (8 - depth - ((x * depth) & 7))) & (2 ** depth - 1)
  })
}

function rgbaOf(png: DecodedPng, convertIndexedToRgb: (png: DecodedPng) => Uint8Array): Tensor<Uint8Array> {
  if (!png.palette) return toRgba(samples(png), 2 ** png.depth - 1, png)
  const { width, height } = png
  const data = convertIndexedToRgb(png)
  return toRgba(data, 255, { width, height, channels: data.length / (width * height) })
}

/** @param max the sample that is white, or opaque */
function toRgba(
  samples: ArrayLike<number>,
  max: number,
  {
    width,
    height,
    channels,
    transparency,
  }: Pick<DecodedPng, 'width' | 'height' | 'channels' | 'transparency'>,
): Tensor<Uint8Array> {
  const rgba = new Uint8Array(4 * width * height)
  const colours = channels < 3 ? 1 : 3
  const hasOpacity = channels > colours
  const byte = (sample: number) => Math.round((255 * sample) / max)
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    let isTransparent = transparency !== undefined
    for (let c = 0; c < 3; c++) {
      const sample = samples[from + (c % colours)]
      rgba[to + c] = byte(sample)
      isTransparent &&= sample === transparency?.[c % colours]
    }
    const opacity = isTransparent ? 0 : 255
    rgba[to + 3] = hasOpacity ? byte(samples[from + colours]) : opacity
  }
  return tensor(rgba, [height, width, 4])
}
