import { describe, expect, test } from 'vitest'
import {
  convFlops,
  convInputFlops,
  denseFlops,
  fusedConvFlops,
  stepFlops,
  winnerFlops,
} from '../../../bench/support/flops.ts'
import { convGeometry, deepShapes, notebookGeometry, pooled } from '../../../bench/support/geometries.ts'
import type { Conv2DGeometry } from '../../../src/kernels/kernels.ts'

/** Multiplications of a pixel of the image, one by one. */
function counted(g: Conv2DGeometry): number {
  let count = 0
  for (let oh = 0; oh < g.outHeight; oh++)
    for (let ow = 0; ow < g.outWidth; ow++)
      for (let kh = 0; kh < g.kernelHeight; kh++)
        for (let kw = 0; kw < g.kernelWidth; kw++) {
          const h = oh * g.strideHeight - g.padTop + kh
          const w = ow * g.strideWidth - g.padLeft + kw
          if (h >= 0 && h < g.height && w >= 0 && w < g.width) count += g.channels * g.filters
        }
  return count
}

test('a dense layer multiplies and adds once for each weight', () => {
  expect(denseFlops({ inputs: 5408, units: 32 })).toBe(346_112)
})

describe('a convolution', () => {
  test('counts its whole patch at each output', () => {
    // 4×4 outputs, 3×3 taps, 5 channels, 7 filters, a multiplication and an addition.
    expect(convFlops(convGeometry(4, 5, 7, 3, 1, 'same'))).toBe(2 * 16 * 9 * 5 * 7)
    expect(convFlops(convGeometry(15, 96, 160, 3, 2, 'same'))).toBe(2 * 64 * 9 * 96 * 160)
  })

  test('counts for its input gradient what meets the image alone', () => {
    expect(convInputFlops(convGeometry(4, 5, 7, 3, 1, 'same'))).toBe(2 * 100 * 5 * 7)
    for (const { conv } of deepShapes) expect(convInputFlops(conv)).toBe(2 * counted(conv))
    const odd = { ...convGeometry(9, 2, 3, 4, 3, 'same'), width: 7, kernelWidth: 2, padLeft: 0, outWidth: 3 }
    expect(convInputFlops(odd)).toBe(2 * counted(odd))
  })

  test('counts, fused, the pixels in windows, and backwards those that won', () => {
    // A map of 5×5, of which 4×4 pixels lie in windows, and 2×2 win.
    const g = pooled(convGeometry(7, 3, 8, 3, 1, 'valid'))
    expect(fusedConvFlops(g)).toBe(2 * 16 * 27 * 8)
    expect(winnerFlops(g)).toBe(2 * 4 * 27 * 8)
  })
})

test("a step of the notebook's experiments takes 782 and 2627 MFLOP", () => {
  expect(512 * stepFlops(notebookGeometry(32, 32))).toBe(781_811_712)
  expect(512 * stepFlops(notebookGeometry(64, 64))).toBe(2_626_879_488)
})
