import { describe, expect, test } from 'vitest'
import { DataError, ShapeError } from '../../src/errors.ts'
import { filterGrid } from '../../src/report/filter-grid.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { DEEPEST_BLUE, DEEPEST_RED, expectNothingCut, readPicture, WHITE } from '../support/picture.ts'
import { expectRefusal } from '../support/refusals.ts'

/** The weight at [y, x, c, f] is `weight(y, x, c, f)`. */
function kernel(
  [kh, kw, channels, count]: readonly [number, number, number, number],
  weight: (y: number, x: number, c: number, f: number) => number,
) {
  const all = tensor(new Float32Array(kh * kw * channels * count), [kh, kw, channels, count])
  for (let y = 0; y < kh; y++)
    for (let x = 0; x < kw; x++)
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < count; f++) all.set(y, x, c, f, weight(y, x, c, f))
  return all
}

describe('filterGrid', () => {
  test('paints all filters on one scale, blue above 0 and red below', () => {
    // Filter 0 is ±0.5, the largest of all; filter 1 has 0 and half of that.
    const svg = filterGrid(kernel([1, 2, 1, 2], (_, x, __, f) => [0.5, -0.5, 0, 0.25][2 * f + x]))
    const [first, second, bar] = readPicture(svg).images
    expect([first.png.width, first.png.height, first.png.channels]).toEqual([2, 1, 3])
    expect([...first.png.data]).toEqual([...DEEPEST_BLUE, ...DEEPEST_RED])
    expect([...second.png.data].slice(0, 3)).toEqual(WHITE)
    const [r, , b] = [...second.png.data].slice(3)
    expect(b).toBeGreaterThan(r + 50)
    expect(b).toBeGreaterThan(DEEPEST_BLUE[2])
    const steps = [...bar.png.data]
    expect([steps.slice(0, 3), steps.slice(300, 303), steps.slice(-3)]).toEqual([
      DEEPEST_RED,
      WHITE,
      DEEPEST_BLUE,
    ])
  })

  test('writes the numbers of the filters and of the scale', () => {
    const svg = filterGrid(
      kernel([3, 3, 1, 10], (y, x, _, f) => (y === 1 && x === 1 && f === 7 ? -0.19249 : 0.1)),
    )
    const shown = readPicture(svg)
    expect(shown.texts.map(({ text }) => text)).toEqual([
      'Filters',
      '10 filters of 3×3: white is 0, blue above, red below',
      ...Array.from({ length: 10 }, (_, f) => String(f + 1)),
      '−0.192',
      '0',
      '0.192',
    ])
    expect(shown.images.length).toBe(11)
    expect([...shown.images[7].png.data].slice(12, 15)).toEqual(DEEPEST_RED)
    const bar = shown.images[10]
    const [left, middle, right] = shown.texts.slice(-3)
    expect([left.x, middle.x, right.x]).toEqual([bar.x, bar.x + bar.width / 2, bar.x + bar.width])
    expectNothingCut(shown)
  })

  test('keeps filters from being pale beside one that outdoes them', () => {
    const outdone = (channels: number) =>
      readPicture(filterGrid(kernel([3, 3, channels, 40], (y, _, __, f) => (f === 5 ? 4 : 1) * (y - 1))))
    const shown = outdone(1)
    expect(shown.images[0].png.data).toEqual(shown.images[5].png.data)
    expect([...shown.images[0].png.data].slice(0, 3)).toEqual(DEEPEST_RED)
    expect(shown.texts.slice(-3).map(({ text }) => text)).toEqual(['−1 or below', '0', '1 or above'])
    expectNothingCut(shown)
    expect([...outdone(3).images[5].png.data]).toEqual([0, 128, 255].flatMap(shade => Array(9).fill(shade)))
  })

  test('shows three channels as colours, grey where weights are 0', () => {
    const svg = filterGrid(kernel([1, 2, 3, 1], (_, x, c) => (x === 0 ? [2, 0, -2][c] : 0)))
    const [filter, bar] = readPicture(svg).images
    expect([...filter.png.data]).toEqual([255, 128, 0, 128, 128, 128])
    expect([bar.png.channels, bar.png.data[0], bar.png.data[100], bar.png.data[200]]).toEqual([
      1, 0, 128, 255,
    ])
    expect(readPicture(svg).description).toBe('1 filter of 1×2: grey is 0')
  })

  test('shows the channel that is asked for, otherwise the first', () => {
    const deep = kernel([1, 1, 4, 2], (_, __, c, f) => (c === 2 ? [-1, 1][f] : c === 0 ? [1, -1][f] : 0))
    const colours = (channel?: number) =>
      readPicture(filterGrid(deep, { channel }))
        .images.slice(0, 2)
        .map(({ png }) => [...png.data])
    expect(colours()).toEqual([DEEPEST_BLUE, DEEPEST_RED])
    expect(colours(2)).toEqual([DEEPEST_RED, DEEPEST_BLUE])
    expect(colours(3)).toEqual([WHITE, WHITE])
    expect(readPicture(filterGrid(deep, { channel: 2 })).description).toContain('for channel 2 of 4')
    const rgb = kernel([1, 1, 3, 1], (_, __, c) => c - 1)
    expect([...readPicture(filterGrid(rgb, { channel: 0 })).images[0].png.data]).toEqual(DEEPEST_RED)
  })

  test('fits its width, and holds filters of any size', () => {
    for (const width of [undefined, 240, 900]) {
      for (const size of [1, 3, 7, 90]) {
        const shown = readPicture(
          filterGrid(
            kernel([size, size, 1, 9], () => 1e-8),
            { width },
          ),
        )
        expectNothingCut(shown)
        if (width) expect(shown.width).toBe(width)
      }
    }
  })

  test('refuses what is no kernel', () => {
    const good = kernel([1, 1, 2, 2], () => 1)
    expectRefusal(() => filterGrid([] as never), 'filterGrid', 'kernel', '[KH, KW, C, F]')
    expectRefusal(() => filterGrid(good, { channel: 2 }), 'filterGrid', 'channel', 'from 0 to 1')
    expectRefusal(() => filterGrid(good, { width: 10 }), 'filterGrid', 'width', 'from 240 to 4000')
    expect(() => filterGrid(tensor(new Float32Array(4), [2, 2]))).toThrow(ShapeError)
    expect(() => filterGrid(tensor(new Float32Array(0), [3, 3, 1, 0]))).toThrow('expected [KH, KW, C, F]')
    const broken = () => filterGrid(kernel([1, 1, 1, 3], (_, __, ___, f) => (f === 2 ? Number.NaN : 0)))
    expect(broken).toThrow(DataError)
    expect(broken).toThrow('kernel, column filter 3: a weight is NaN, expected finite numbers')
  })
})
