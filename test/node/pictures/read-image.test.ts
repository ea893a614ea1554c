import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { DataError, flat, OptionError, type Tensor } from 'convnet-ts'
import { encode } from 'fast-png'
import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { decodeImage, readImage } from '../../../src/node/pictures/read-image.ts'
import { pngFile } from '../../support/png-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** The pixels, each as [red, green, blue, opacity]. */
function pixels(photo: Tensor<Uint8Array>): number[][] {
  const bytes = flat(photo)
  return Array.from({ length: bytes.length / 4 }, (_, i) => [...bytes.subarray(4 * i, 4 * i + 4)])
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await decodeImage(bytes, 'photo').then(
    () => null,
    (cause: Error) => cause,
  )
  expect(error).toBeInstanceOf(DataError)
  return error!.message
}

/** Exif data, little-endian, with one tag: the orientation, a short, 6: to be turned to the right. */
const turnedRight = Buffer.from('49492a00080000000100120103000100000006000000', 'hex')

/** A segment of a JPEG file. */
const segment = (marker: number, data: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker, 0, data.length + 2]), data])

/** Samples 10, 20, 30, … of that many channels. */
const counted = (count: number, factor = 1) => Array.from({ length: count }, (_, i) => 10 * factor * (i + 1))

describe('PNG', () => {
  test.each([
    [
      1,
      [
        [10, 10, 10, 255],
        [20, 20, 20, 255],
      ],
    ],
    [
      2,
      [
        [10, 10, 10, 20],
        [30, 30, 30, 40],
      ],
    ],
    [
      3,
      [
        [10, 20, 30, 255],
        [40, 50, 60, 255],
      ],
    ],
    [
      4,
      [
        [10, 20, 30, 40],
        [50, 60, 70, 80],
      ],
    ],
  ])('of %i channels, of 8 and 16 bits, plain and interlaced', async (channels, expected) => {
    const data = Uint8Array.from(counted(2 * channels))
    // 257 makes a byte 16 bits: 0xab is 0xabab.
    const deep = Uint16Array.from(counted(2 * channels, 257))
    for (const interlace of ['null', 'Adam7'] as const) {
      const image = encode({ width: 2, height: 1, data, channels }, { interlace })
      expect(pixels(await decodeImage(image))).toEqual(expected)
      const precise = encode({ width: 2, height: 1, data: deep, channels, depth: 16 }, { interlace })
      expect(pixels(await decodeImage(precise))).toEqual(expected)
    }
  })

  test.each([
    [1, [0b10100000, 0b01000000], [255, 0, 255, 0, 255, 0]],
    [2, [0b11100100, 0b00011000], [255, 170, 85, 0, 85, 170]],
    [4, [0xf7, 0x20, 0x19, 0xb0], [255, 119, 34, 17, 153, 187]],
  ])('of %i bits, whose rows begin with a new byte', async (depth, bytes, greys) => {
    const half = bytes.length / 2
    const rows = [
      [0, ...bytes.slice(0, half)],
      [0, ...bytes.slice(half)],
    ]
    const photo = await decodeImage(pngFile({ width: 3, height: 2, depth, colourType: 0, rows }))
    expect(pixels(photo).map(([red]) => red)).toEqual(greys)
  })

  test('with a palette, some of whose colours let light through', async () => {
    const between = [
      ['PLTE', Uint8Array.of(1, 2, 3, 40, 50, 60, 200, 210, 220)],
      ['tRNS', Uint8Array.of(255, 128)],
    ] as const
    const rows = [[0, 0b00011000]]
    const photo = await decodeImage(pngFile({ width: 3, height: 1, depth: 2, colourType: 3, rows, between }))
    expect(pixels(photo)).toEqual([
      [1, 2, 3, 255],
      [40, 50, 60, 128],
      [200, 210, 220, 255],
    ])
  })

  test('with one colour that is transparent', async () => {
    const grey = pngFile({
      width: 2,
      height: 1,
      depth: 8,
      colourType: 0,
      rows: [[0, 7, 8]],
      between: [['tRNS', Uint8Array.of(0, 8)]],
    })
    expect(pixels(await decodeImage(grey))).toEqual([
      [7, 7, 7, 255],
      [8, 8, 8, 0],
    ])
    const colours = pngFile({
      width: 3,
      height: 1,
      depth: 8,
      colourType: 2,
      rows: [[0, 1, 2, 3, 1, 2, 4, 1, 2, 3]],
      between: [['tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3)]],
    })
    expect(pixels(await decodeImage(colours))).toEqual([
      [1, 2, 3, 0],
      [1, 2, 4, 255],
      [1, 2, 3, 0],
    ])
  })

  test('is turned as a camera was held', async () => {
    const rows = [[0, 10, 20]]
    const file = pngFile({
      width: 2,
      height: 1,
      depth: 8,
      colourType: 0,
      rows,
      between: [['eXIf', turnedRight]],
    })
    const photo = await decodeImage(file)
    expect(photo.shape).toEqual([2, 1, 4])
    expect(pixels(photo).map(([red]) => red)).toEqual([10, 20])
  })

  test('that unpacks to more than its header says is refused, wherever that hides', async () => {
    const grey = { width: 1, height: 1, depth: 8, colourType: 0 }
    const bomb = pngFile({ ...grey, rows: [new Array(100_000).fill(0)] })
    expect(await refusal(bomb)).toBe(
      'photo: cannot be read as an image (it unpacks to more than its header says)',
    )
    const profile = Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(5e6)).subarray(0, 100)])
    const passedOver = pngFile({ ...grey, rows: [[0, 9]], between: [['iCCP', profile]] })
    expect(pixels(await decodeImage(passedOver))).toEqual([[9, 9, 9, 255]])
  })

  test.each([
    ['more than 100 million', { width: 10_001, height: 10_000, depth: 1, colourType: 0 }],
    ['more than 400 MB', { width: 10_000, height: 10_000, depth: 16, colourType: 6 }],
    ['no pixels', { width: 0, height: 5, depth: 8, colourType: 0 }],
    ['type of colour is 5', { width: 1, height: 1, depth: 8, colourType: 5 }],
    ['interlaced and has 4 bits', { width: 1, height: 1, depth: 4, colourType: 0, interlace: 1 }],
    ['it has 2 bytes of pixels, expected 4', { width: 1, height: 2, depth: 8, colourType: 0 }],
  ])('is refused for %s, before memory is taken for it', async (reason, header) => {
    expect(await refusal(pngFile({ ...header, rows: [[0, 0]] }))).toContain(reason)
  })

  test('that is damaged, or cut off anywhere, is refused', async () => {
    const file = encode({ width: 5, height: 4, data: Uint8Array.from(counted(20)), channels: 1 })
    for (let length = 0; length < file.length; length++) await refusal(file.subarray(0, length))
    const damaged = file.slice()
    damaged[file.length - 20] ^= 1 // In the pixels.
    expect(await refusal(damaged)).toContain('cannot be read as an image')
  })
})

describe('JPEG', () => {
  /** Two halves, red and blue. */
  const halves = () => {
    const data = new Uint8Array(4 * 32 * 16)
    for (let i = 0; i < 32 * 16; i++) data.set(i % 32 < 16 ? [255, 0, 0, 255] : [0, 0, 255, 255], 4 * i)
    return jpeg.encode({ width: 32, height: 16, data }, 95).data
  }

  const near = (pixel: ArrayLike<number>, expected: readonly number[]) =>
    expected.every((value, channel) => Math.abs(pixel[channel] - value) <= 6)

  /** The pixel in row y, column x. */
  const at = (photo: Tensor<Uint8Array>, y: number, x: number) =>
    Array.from({ length: 4 }, (_, channel) => photo.get(y, x, channel))

  test('in its colours', async () => {
    const photo = await decodeImage(halves())
    expect(photo.shape).toEqual([16, 32, 4])
    expect(at(photo, 8, 4)).toSatisfy(pixel => near(pixel, [255, 0, 0, 255]))
    expect(at(photo, 8, 28)).toSatisfy(pixel => near(pixel, [0, 0, 255, 255]))
  })

  test('is turned as the camera was held', async () => {
    const file = halves()
    const exif = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), turnedRight]))
    const turned = Buffer.concat([file.subarray(0, 2), exif, file.subarray(2)])
    const photo = await decodeImage(turned)
    expect(photo.shape).toEqual([32, 16, 4])
    expect(at(photo, 4, 8)).toSatisfy(pixel => near(pixel, [255, 0, 0, 255]))
    expect(at(photo, 28, 8)).toSatisfy(pixel => near(pixel, [0, 0, 255, 255]))
  })

  test('may say that its colours are red, green and blue', async () => {
    const file = halves()
    const adobe = segment(0xee, Buffer.from('Adobe\0\x64\0\0\0\0\0', 'latin1'))
    const plain = Buffer.concat([file.subarray(0, 2), adobe, file.subarray(2)])
    // What the file has of red: its brightness, and how far blue and red are from that.
    expect(at(await decodeImage(plain), 8, 4)).toSatisfy(pixel => near(pixel, [76, 85, 255, 255]))
  })

  test('of too many scans is refused: each takes time for all pixels', async () => {
    const scans = Buffer.concat([halves(), ...new Array(100).fill(Buffer.of(0xff, 0xda, 0, 2))])
    expect(await refusal(scans)).toContain('it has 101 scans, more than 100')
  })

  test('of too many pixels is refused', async () => {
    const file = Buffer.from(halves())
    const frame = file.indexOf(Buffer.from([0xff, 0xc0]))
    file.writeUInt16BE(20_000, frame + 5)
    file.writeUInt16BE(20_000, frame + 7)
    expect(await refusal(file)).toContain('(it has more than 100 million pixels)')
  })

  test('that is cut off anywhere is refused', async () => {
    const file = halves()
    for (let length = 0; length < file.length - 2; length++) await refusal(file.subarray(0, length))
  })
})

describe('other files', () => {
  test.each([
    ['GIF89a', 'a GIF'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'a WebP'],
    ['\0\0\0\x18ftypheic\0\0', 'a HEIC'],
    ['\0\0\0\x18ftypmif1\0\0', 'a HEIC'],
    ['\0\0\0\x20ftypavif\0\0', 'an AVIF'],
    ['II*\0\x08', 'a TIFF'],
    ['MM\0*\0', 'a TIFF'],
    ['BM\xf6K\x03\0\0\0\0\0', 'a BMP'],
    ['<?xml version="1.0"?>', 'an SVG or other XML'],
    ['\n<svg ', 'an SVG or other XML'],
  ])('that begin with %j are known', async (beginning, kind) => {
    const bytes = Buffer.from(beginning, 'latin1')
    expect(await refusal(bytes)).toBe(`photo: is ${kind} file, expected a PNG or JPEG file`)
  })

  test('are named with how they begin', async () => {
    expect(await refusal(Buffer.from('RIFF----WAVE'))).toBe(
      'photo: begins with the bytes 52 49 46 46 2d 2d 2d 2d, expected a PNG or JPEG file',
    )
    expect(await refusal(new Uint8Array())).toBe('photo: is empty, expected a PNG or JPEG file')
  })
})

describe('readImage', () => {
  test('reads a file, whatever it is called', async () => {
    const file = join(tempFolder(), 'photo.txt')
    writeFileSync(file, encode({ width: 1, height: 1, data: Uint8Array.of(7), channels: 1 }))
    expect(pixels(await readImage(file))).toEqual([[7, 7, 7, 255]])
  })

  test('names the file that it cannot read', async () => {
    const file = join(tempFolder(), 'photo.png')
    await expect(readImage(file)).rejects.toThrow(`${file}: there is no such file`)
    writeFileSync(file, 'text')
    await expect(readImage(file)).rejects.toThrow(`${file}: begins with the bytes 74 65 78 74`)
    await expect(readImage(7 as unknown as string)).rejects.toThrow(OptionError)
  })

  test('reads 24 million pixels', async () => {
    const file = join(tempFolder(), 'photo.png')
    const data = new Uint8Array(24e6).fill(200)
    data[24e6 - 1] = 3
    writeFileSync(file, encode({ width: 6000, height: 4000, data, channels: 1 }, { zlib: { level: 1 } }))
    const photo = await readImage(file)
    expect(photo.shape).toEqual([4000, 6000, 4])
    expect([photo.get(0, 0, 0), photo.get(3999, 5999, 2)]).toEqual([200, 3])
  })
})
