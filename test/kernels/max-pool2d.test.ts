import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WindowGeometry } from '../../src/kernels/kernels.ts'
import { windowGeometry } from '../../src/layers/window.ts'
import { random } from '../../src/tensor/random.ts'
import { expectSameBits } from '../support/compare.ts'
import { kernelSets } from '../support/kernel-sets.ts'
import { arrayOf, centred, expectWritten, inputs, integers, outputs, windows } from '../support/kernels.ts'

type Numbers = ArrayLike<number>

/** A pixel of a window: its place in the window, and in x. */
interface Pixel {
  readonly tap: number
  readonly at: number
}

/** The pixels of each window, without padding, in row-major order; windows in row-major order as well. */
function* pixels(g: WindowGeometry, rows: number): Generator<Pixel[]> {
  for (let n = 0; n < rows; n++)
    for (let oh = 0; oh < g.outHeight; oh++)
      for (let ow = 0; ow < g.outWidth; ow++)
        for (let c = 0; c < g.channels; c++) {
          const window: Pixel[] = []
          for (let kh = 0; kh < g.kernelHeight; kh++) {
            for (let kw = 0; kw < g.kernelWidth; kw++) {
              const h = oh * g.strideHeight + kh - g.padTop
              const w = ow * g.strideWidth + kw - g.padLeft
              if (h < 0 || h >= g.height || w < 0 || w >= g.width) continue
              const at = ((n * g.height + h) * g.width + w) * g.channels + c
              window.push({ tap: kh * g.kernelWidth + kw, at })
            }
          }
          yield window
        }
}

/** The last NaN where there is one, else the first of the largest. */
function winner(x: Numbers, window: readonly Pixel[]): Pixel {
  const nan = window.findLast(({ at }) => Number.isNaN(x[at]))
  const largest = Math.max(...window.map(({ at }) => x[at]))
  return nan ?? window.find(({ at }) => x[at] === largest)!
}

/** Many ties, zeros of both signs among them, and some NaN and infinities. */
const withTies = (next: () => number) => () =>
  [-1, -0, 0, 0.5, 0.5, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][
    Math.floor(next() * (next() < 0.1 ? 10 : 7))
  ]

describe.each(kernelSets)('max-pooling in %s', (_, kernels, round) => {
  test.each([
    ['distinct pixels', centred],
    ['ties and special numbers', withTies],
  ])('has the winners of its definition: %s', (_, drawing) => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 1, max: 3 }), fc.nat(), (g, rows, seed) => {
        const next = random(seed)
        const sizeX = rows * g.height * g.width * g.channels
        const sizeY = rows * g.outHeight * g.outWidth * g.channels
        const x = inputs(kernels, sizeX, drawing(next))
        const expected = Array.from(pixels(g, rows), window => winner(x, window))

        const y = outputs(kernels, sizeY)
        const winners = integers(kernels, Uint8Array, sizeY + 2).fill(77)
        kernels.maxPool2d(g, rows, x, y, winners)
        expectWritten(
          y,
          expected.map(({ at }) => x[at]),
          'y',
        )
        expectSameBits(winners, [...expected.map(({ tap }) => tap), 77, 77], 'winners')

        const wide = integers(kernels, Int32Array, sizeY)
        kernels.maxPool2d(g, rows, x, outputs(kernels, sizeY), wide)
        expectSameBits(wide, winners.subarray(0, sizeY), 'winners in int32')

        const unwatched = outputs(kernels, sizeY)
        kernels.maxPool2d(g, rows, x, unwatched, null)
        expectSameBits(unwatched, y, 'y without winners')

        const dy = inputs(kernels, sizeY, centred(next))
        const dx = outputs(kernels, sizeX)
        kernels.maxPool2dBackward(g, rows, dy, winners, dx)
        const gradient = new Array<number>(sizeX).fill(0)
        for (const [i, { at }] of expected.entries()) gradient[at] = round(gradient[at] + dy[i])
        expectWritten(dx, gradient, 'dx')
      }),
    )
  })

  const g = windowGeometry('pool', [2, 2, 1], { kernel: [2, 2], strides: [2, 2], padding: 'valid' })

  test.each([
    ['the largest', [1, 4, 3, 2], 4, 1],
    ['the first of equals', [0, 3, 3, 3], 3, 1],
    ['the first of zeros, −0 before +0', [-0, 0, -1, 0], -0, 0],
    ['the first of zeros, +0 before −0', [-1, 0, -0, 0], 0, 1],
    ['NaN, in the first place', [Number.NaN, 9, 3, 2], Number.NaN, 0],
    ['NaN, in a later place', [9, 3, Number.NaN, Number.POSITIVE_INFINITY], Number.NaN, 2],
    ['a pixel, where all are −Infinity', new Array(4).fill(Number.NEGATIVE_INFINITY), -1 / 0, 0],
  ])('lets win %s', (_, pixels, value, place) => {
    const y = outputs(kernels, 1)
    const winners = integers(kernels, Uint8Array, 1)
    kernels.maxPool2d(g, 1, arrayOf(kernels, pixels), y, winners)
    expectWritten(y, [value], 'y')
    expect(winners[0]).toBe(place)
  })
})
