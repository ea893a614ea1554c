import { describe, expect, test } from 'vitest'
import { Canvas } from '../../../src/data/garments/canvas.ts'
import { mirrored, Pen, rounded, symmetric } from '../../../src/data/garments/pen.ts'
import { expectClose } from '../../support/compare.ts'

const upright = { scaleX: 1, scaleY: 1, lean: 0, moveX: 0, moveY: 0 }
const exact = { rtol: 1e-12, atol: 1e-12 }

describe('Pen', () => {
  test('draws a line of the given width and length', () => {
    const canvas = new Canvas()
    new Pen(canvas, upright).line(5, 5, 8, 9, 2, () => 1)
    const painted = canvas.pixels.reduce((sum, value) => sum + value, 0)
    expectClose([painted], [10], { rtol: 1e-9, atol: 0 })
    expect(canvas.pixels[7 * 28 + 6]).toBeGreaterThan(0.9)
  })

  test('stretches about the middle, leans and moves', () => {
    const square = [12, 12, 16, 12, 16, 16, 12, 16]
    const [posed, drawn] = [new Canvas(), new Canvas()]
    const pose = { scaleX: 2, scaleY: 0.5, lean: 0.25, moveX: 1, moveY: -3 }
    new Pen(posed, pose).fill(square, () => 1)
    drawn.fill([10.5, 10, 18.5, 10, 19.5, 12, 11.5, 12], () => 1)
    expectClose(posed.pixels, drawn.pixels, exact)
  })
})

describe('outlines', () => {
  test('are completed from their right half', () => {
    expect(symmetric([0, 1, 5, 2, 3, 9])).toEqual([14, 1, 19, 2, 17, 9, 11, 9, 9, 2, 14, 1])
  })

  test('are mirrored about the middle', () => {
    expect(mirrored([15, 2, 20, 7])).toEqual([13, 2, 8, 7])
  })

  test('are rounded by cutting corners twice', () => {
    const corners = rounded([0, 0, 16, 0, 16, 16, 0, 16])
    expect(corners.slice(0, 8)).toEqual([6, 0, 10, 0, 13, 1, 15, 3])
    expect(corners.length).toBe(32)
  })
})
