import { OptionError, photoToInput, random, ShapeError, type Tensor, tensor } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { expectClose } from '../support/compare.ts'

type Colour = readonly [red: number, green: number, blue: number, opacity?: number]

/** A photo of which each pixel is told. */
function photoOf(
  height: number,
  width: number,
  colour: (y: number, x: number) => Colour,
): Tensor<Uint8Array> {
  const bytes = new Uint8Array(height * width * 4)
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k += 4) {
      const [red, green, blue, opacity = 255] = colour(y, x)
      bytes.set([red, green, blue, opacity], k)
    }
  }
  return tensor(bytes, [height, width, 4])
}

const grey = (value: number): Colour => [value, value, value]

/** A rectangle of 40 × 20 pixels, at column 50 and row 30 of a photo of 100 × 56. */
const rectangle = (object: Colour, background: Colour) =>
  photoOf(56, 100, (y, x) => (y >= 30 && y < 50 && x >= 50 && x < 90 ? object : background))

/** The rows of an image of one channel, each once with how often it follows itself: `3 × 0 204 0`. */
function rows({ data, shape: [height, width] }: Tensor<Uint8Array>): string[] {
  const texts = Array.from({ length: height }, (_, y) => data.subarray(y * width, (y + 1) * width).join(' '))
  const runs: { text: string; count: number }[] = []
  for (const text of texts) {
    if (runs.at(-1)?.text === text) runs.at(-1)!.count++
    else runs.push({ text, count: 1 })
  }
  return runs.map(({ text, count }) => `${count} × ${text}`)
}

const line = (value: number, length: number) => new Array(length).fill(value).join(' ')

describe('a photo for a model of grey images', () => {
  test('is trimmed, resized and put into the middle; dark things on a light background become bright', () => {
    const input = photoToInput(rectangle(grey(50), grey(250)), [28, 28, 1])
    expect(input.shape).toEqual([28, 28, 1])
    // (250 − 50) · 255 / 250
    expect(rows(input)).toEqual([`7 × ${line(0, 28)}`, `14 × ${line(204, 28)}`, `7 × ${line(0, 28)}`])
  })

  test('stays bright on a dark background', () => {
    const input = photoToInput(rectangle(grey(200), grey(30)), [28, 28, 1])
    // (200 − 30) · 255 / (255 − 30) = 192.7
    expect(rows(input)).toEqual([`7 × ${line(0, 28)}`, `14 × ${line(193, 28)}`, `7 × ${line(0, 28)}`])
  })

  test('is as bright as its colours are to the eye', () => {
    const input = photoToInput(rectangle([0, 0, 255], grey(255)), [28, 28, 1])
    // 255 − 0.114 · 255
    expect(new Set(input.data)).toEqual(new Set([0, 226]))
  })

  test('is white where it is transparent', () => {
    const input = photoToInput(rectangle([0, 0, 0, 51], [0, 0, 0, 0]), [28, 28, 1])
    // A fifth opaque.
    expect(new Set(input.data)).toEqual(new Set([0, 51]))
  })

  test('is averaged where it is larger, and sharpened', () => {
    const photo = photoOf(12, 12, (y, x) => {
      if (y < 2 || y >= 10 || x < 2 || x >= 10) return grey(255)
      // On the left a chessboard, whose mean is 100; on the right 40.
      return grey(x >= 6 ? 40 : (x + y) % 2 === 0 ? 200 : 0)
    })
    const input = photoToInput(photo, [4, 4, 1])
    // A blur would take (0.6065 + 2 · 0.3679) / 4.8976 = 0.27407 of the 60 between them; half of that is added.
    const added = 0.5 * 0.27407 * 60
    expect(rows(input)).toEqual([`4 × 155 ${Math.round(155 - added)} ${Math.round(215 + added)} 215`])
  })

  test('is trimmed in spite of noise, of a speck, and of an object that reaches into a corner', () => {
    const next = random(1, 'noise')
    const noisy = photoOf(100, 200, (y, x) => {
      const isObject = y >= 30 && y < 50 && x >= 100 && x < 140
      const isSpeck = y === 90 && x === 10
      return grey((isObject || isSpeck ? 50 : 200) + Math.floor(41 * next()) - 20)
    })
    const { data } = photoToInput(noisy, [28, 28, 1])
    const mean = (from: number, to: number) =>
      data.subarray(28 * from, 28 * to).reduce((sum, value) => sum + value, 0) / (28 * (to - from))
    expect(mean(8, 20)).toBeGreaterThan(180)
    expect(mean(0, 6)).toBe(0)
    expect(mean(22, 28)).toBe(0)

    const corner = photoOf(56, 56, (y, x) => grey(y < 28 && x < 28 ? 0 : 255))
    expect(rows(photoToInput(corner, [28, 28, 1]))).toEqual([`28 × ${line(255, 28)}`])
  })

  test.each([
    ['from one side', (y: number, x: number) => 250 - 70 * y - 40 * x],
    ['brightest in the middle', (y: number, x: number) => 250 - 120 * ((y - 0.5) ** 2 + (x - 0.5) ** 2)],
  ])('may have light %s', (_, light) => {
    // What reflects a fifth of it, in front of what reflects all.
    const lit = photoOf(56, 100, (y, x) => {
      const isObject = y >= 30 && y < 50 && x >= 50 && x < 90
      return grey(Math.round(light(y / 56, x / 100) * (isObject ? 0.2 : 1)))
    })
    const { data } = photoToInput(lit, [28, 28, 1])
    const expected = Array.from({ length: 784 }, (_, k) => (k >= 28 * 7 && k < 28 * 21 ? 204 : 0))
    expectClose(data, expected, { atol: 2, rtol: 0 })
  })

  test('may have light from one side on a dark background', () => {
    const lit = photoOf(56, 100, (y, x) => {
      const isObject = y >= 30 && y < 50 && x >= 50 && x < 90
      const light = 20 + 0.6 * x
      return grey(Math.round(isObject ? light + 0.6 * (255 - light) : light))
    })
    const { data } = photoToInput(lit, [28, 28, 1])
    const expected = Array.from({ length: 784 }, (_, k) => (k >= 28 * 7 && k < 28 * 21 ? 153 : 0))
    expectClose(data, expected, { atol: 2, rtol: 0 })
  })

  test('may be of any size', () => {
    const empty = [`28 × ${line(0, 28)}`]
    expect(
      rows(
        photoToInput(
          photoOf(1, 1, () => grey(9)),
          [28, 28, 1],
        ),
      ),
    ).toEqual(empty)
    expect(
      rows(
        photoToInput(
          photoOf(300, 500, () => grey(255)),
          [28, 28, 1],
        ),
      ),
    ).toEqual(empty)
    expect(
      rows(
        photoToInput(
          photoOf(1, 400, () => grey(0)),
          [28, 28, 1],
        ),
      ),
    ).toEqual(empty)
    const tall = photoOf(2000, 3, (y, x) => grey(x === 1 && y > 500 && y < 1500 ? 0 : 255))
    // 0.08 pixels wide: one remains.
    const bright = [...photoToInput(tall, [28, 28, 1]).data.entries()].filter(([, value]) => value > 0)
    expect(bright.map(([index]) => index)).toEqual(Array.from({ length: 28 }, (_, y) => 28 * y + 13))
  })

  test('may be a view, turned and mirrored', () => {
    const photo = photoOf(90, 60, (y, x) => grey(x > 9 && x < y / 2 ? 40 : 240))
    const turned = photoOf(60, 90, (y, x) => grey(y > 9 && y < (89 - x) / 2 ? 40 : 240))
    const view = photo.transpose(1, 0, 2).step(1, -1, 1)
    expect(photoToInput(view, [28, 28, 1]).data).toEqual(photoToInput(turned, [28, 28, 1]).data)
  })

  test('goes into the middle of what is not square', () => {
    const photo = photoOf(9, 16, (y, x) => grey(y >= 4 && y < 8 && x >= 3 && x < 11 ? 0 : 255))
    const input = photoToInput(photo, [5, 4, 1])
    expect(rows(input)).toEqual(['1 × 0 0 0 0', '2 × 255 255 255 255', '2 × 0 0 0 0'])
  })
})

describe('a photo for a model of coloured images', () => {
  test('is resized whole, neither trimmed nor inverted, with its background around it', () => {
    const photo = photoOf(4, 8, (y, x) => (y >= 2 && x >= 2 && x < 6 ? [10, 20, 30] : [200, 210, 220]))
    const { data, shape } = photoToInput(photo, [4, 4, 3])
    expect(shape).toEqual([4, 4, 3])
    const red = Array.from({ length: 16 }, (_, i) => data[3 * i])
    expect(red).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 10, 10, 200, 200, 200, 200, 200])
    const blue = Array.from({ length: 16 }, (_, i) => data[3 * i + 2])
    expect(blue).toEqual(red.map(value => value + 20))
  })
})

describe('photoToInput', () => {
  const photo = photoOf(2, 2, () => grey(0))

  test('refuses what is no photo', () => {
    expect(() => photoToInput(photo.data as unknown as Tensor<Uint8Array>, [28, 28, 1])).toThrow(OptionError)
    const floats = tensor(new Float32Array(16), [2, 2, 4]) as unknown as Tensor<Uint8Array>
    expect(() => photoToInput(floats, [28, 28, 1])).toThrow('expected a tensor of bytes [H, W, 4]')
    const three = tensor(new Uint8Array(12), [2, 2, 3])
    expect(() => photoToInput(three, [28, 28, 1])).toThrow(
      'the photo has shape (2, 2, 3), expected [H, W, 4]',
    )
    expect(() => photoToInput(tensor(new Uint8Array(0), [0, 2, 4]), [28, 28, 1])).toThrow(ShapeError)
  })

  test.each([[[784]], [[28, 28]], [[28, 28, 2]], [[28, 28, 4]]])('refuses a model of rows of %j', shape => {
    expect(() => photoToInput(photo, shape)).toThrow('expected images of one channel or three')
  })
})
