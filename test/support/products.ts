import {
  BLOCK_INPUTS,
  type Conv2DGeometry,
  type Conv2DReluPoolGeometry,
  imagesPerShard,
  type Kernels,
  NO_WINNER,
} from '../../src/kernels/kernels.ts'
import { random } from '../../src/tensor/random.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { centred, inputs, integers, outputs } from './kernels.ts'

/** A kernel that adds products up, with the lengths of what it takes and writes, and the terms of its longest sum. */
export interface Product {
  readonly title: string
  readonly takes: readonly number[]
  readonly writes: readonly number[]
  readonly terms: number
  readonly run: (kernels: Kernels<Real>, taken: readonly Real[], written: readonly Real[]) => void
}

export function denseProducts(rows: number, inputs: number, units: number): Product[] {
  const g = { inputs, units }
  const [x, w, y] = [rows * inputs, inputs * units, rows * units]
  const of = `of ${rows} rows`
  // A sum for each block, and the sum of these.
  const terms = Math.min(inputs, BLOCK_INPUTS) + Math.ceil(inputs / BLOCK_INPUTS)
  return [
    {
      ...{ title: `dense ${of}`, takes: [x, w, units], writes: [y], terms },
      run: (k, [x, w, b], [y]) => k.dense(g, rows, x, w, b, y),
    },
    {
      ...{ title: `denseBackwardWeights ${of}`, takes: [x, y], writes: [w, units], terms: rows },
      run: (k, [x, dy], [dw, db]) => k.denseBackwardWeights(g, rows, x, dy, dw, db),
    },
    {
      ...{ title: `denseBackwardInput ${of}`, takes: [y, w], writes: [x], terms: units },
      run: (k, [dy, w], [dx]) => k.denseBackwardInput(g, rows, dy, w, dx),
    },
  ]
}

/** @param cells of the output, for one image and filter */
function sizesOf(g: Conv2DGeometry, rows: number, cells: number) {
  const taps = g.kernelHeight * g.kernelWidth * g.channels
  const shard = Math.min(rows, imagesPerShard(g))
  return {
    x: rows * g.height * g.width * g.channels,
    w: taps * g.filters,
    y: rows * cells * g.filters,
    ofOutput: taps + 1,
    // A sum for each shard, and the sum of these.
    ofWeight: shard * g.outHeight * g.outWidth + Math.ceil(rows / shard),
    ofInput: g.kernelHeight * g.kernelWidth * g.filters,
  }
}

export function convProducts(g: Conv2DGeometry, rows: number): Product[] {
  const { x, w, y, ofOutput, ofWeight, ofInput } = sizesOf(g, rows, g.outHeight * g.outWidth)
  return [
    {
      ...{ title: 'conv2d', takes: [x, w, g.filters], writes: [y], terms: ofOutput },
      run: (k, [x, w, b], [y]) => k.conv2d(g, rows, x, w, b, y),
    },
    {
      ...{ title: 'conv2dBackwardWeights', takes: [x, y], writes: [w, g.filters], terms: ofWeight },
      run: (k, [x, dy], [dw, db]) => k.conv2dBackwardWeights(g, rows, x, dy, dw, db),
    },
    {
      ...{ title: 'conv2dBackwardInput', takes: [y, w], writes: [x], terms: ofInput },
      run: (k, [dy, w], [dx]) => k.conv2dBackwardInput(g, rows, dy, w, dx),
    },
  ]
}

/** The fused convolution, whose winners are drawn for the gradients. */
export function fusedProducts(g: Conv2DReluPoolGeometry, rows: number): Product[] {
  const { x, w, y, ofOutput, ofWeight, ofInput } = sizesOf(g, rows, g.pooledHeight * g.pooledWidth)
  const pooled = `under ${g.poolHeight}×${g.poolWidth}`
  const winners = (k: Kernels<Real>) => {
    const drawn = integers(k, Uint8Array, y)
    const next = random('winners')
    const windowPixels = g.poolHeight * g.poolWidth
    for (let i = 0; i < y; i++) drawn[i] = next() < 0.3 ? NO_WINNER : Math.floor(next() * windowPixels)
    return drawn
  }
  return [
    {
      // The largest of some sums is no further off than the sum that is furthest off.
      ...{ title: `conv2dReluMaxPool2d ${pooled}`, takes: [x, w, g.filters], writes: [y], terms: ofOutput },
      run: (k, [x, w, b], [y]) => k.conv2dReluMaxPool2d(g, rows, x, w, b, y, null, null),
    },
    {
      ...{ title: `conv2dReluMaxPool2dBackwardWeights ${pooled}`, takes: [x, y], writes: [w, g.filters] },
      terms: ofWeight,
      run: (k, [x, dy], [dw, db]) =>
        k.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners(k), null, dw, db),
    },
    {
      ...{ title: `conv2dReluMaxPool2dBackwardInput ${pooled}`, takes: [y, w], writes: [x], terms: ofInput },
      run: (k, [dy, w], [dx]) => k.conv2dReluMaxPool2dBackwardInput(g, rows, dy, winners(k), null, w, dx),
    },
  ]
}

/** The same convolution under windows of so many pixels that touch. */
export const under = (g: Conv2DGeometry, poolHeight: number, poolWidth: number): Conv2DReluPoolGeometry => ({
  ...g,
  poolHeight,
  poolWidth,
  pooledHeight: Math.floor(g.outHeight / poolHeight),
  pooledWidth: Math.floor(g.outWidth / poolWidth),
})

/**
 * What a kernel set writes, with the garbage behind it: of the same float32 numbers from −1 to 1 in each kernel set, after
 * they went through `change`, which is told their place: which of the arrays, and where in it.
 */
export function outcome(
  kernels: Kernels<Real>,
  { title, takes, writes, run }: Product,
  change = (x: number, _array: number, _at: number): number => x,
): Real[] {
  const draw = centred(random(title))
  const taken = takes.map((length, array) => {
    let at = 0
    return inputs(kernels, length, () => change(Math.fround(draw()), array, at++))
  })
  const written = writes.map(length => outputs(kernels, length))
  run(kernels, taken, written)
  return written
}
