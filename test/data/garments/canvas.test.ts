import { describe, test } from 'vitest'
import { Canvas } from '../../../src/data/garments/canvas.ts'
import { expectClose } from '../../support/compare.ts'

const white = () => 1
const at = (canvas: Canvas, x: number, y: number) => canvas.pixels[y * 28 + x]
const sum = (canvas: Canvas) => canvas.pixels.reduce((total, value) => total + value, 0)
const exact = { rtol: 1e-12, atol: 1e-12 }

describe('Canvas', () => {
  test('gives each pixel the share that is covered', () => {
    const canvas = new Canvas()
    canvas.fill([2.5, 3.25, 4, 3.25, 4, 5, 2.5, 5], white)
    const seen = [
      at(canvas, 1, 3),
      at(canvas, 2, 3),
      at(canvas, 3, 3),
      at(canvas, 4, 3),
      at(canvas, 2, 4),
      at(canvas, 3, 4),
    ]
    expectClose(seen, [0, 0.375, 0.75, 0, 0.5, 1], exact)
    expectClose([sum(canvas)], [1.5 * 1.75], exact)
  })

  test('covers as much as the polygon’s area, whatever its slope and turning sense', () => {
    // By the shoelace formula.
    const outline = [3.1, 2.2, 17.9, 4.7, 12.3, 15.8, 7.7, 9.1]
    let area = 0
    for (let i = 0; i < 8; i += 2) {
      const j = (i + 2) % 8
      area += (outline[i] * outline[j + 1] - outline[j] * outline[i + 1]) / 2
    }
    const canvas = new Canvas()
    canvas.fill(outline, white)
    expectClose([sum(canvas)], [area], { rtol: 1e-9, atol: 0 })
    const reversed = new Canvas()
    reversed.fill([7.7, 9.1, 12.3, 15.8, 17.9, 4.7, 3.1, 2.2], white)
    expectClose(reversed.pixels, canvas.pixels, { rtol: 0, atol: 1e-12 })
  })

  test('cuts off what lies outside the picture', () => {
    const canvas = new Canvas()
    canvas.fill([-50, -50, 90, -50, 90, 90, -50, 90], white)
    expectClose(canvas.pixels, new Array(784).fill(1), exact)
    canvas.clear()
    canvas.fill([20, 26, 40, 26, 40, 40, 20, 40], white)
    expectClose([sum(canvas)], [16], exact)
  })

  test('paints over what is there, as far as it covers', () => {
    const canvas = new Canvas()
    canvas.fill([0, 0, 10, 0, 10, 10, 0, 10], () => 0.8)
    canvas.fill([5.25, 0, 10, 0, 10, 10, 5.25, 10], (x, y) => (x === 5.5 && y === 0.5 ? 0.4 : 0))
    expectClose(
      [at(canvas, 4, 0), at(canvas, 5, 0), at(canvas, 6, 0)],
      [0.8, 0.8 * 0.25 + 0.4 * 0.75, 0],
      exact,
    )
  })
})
