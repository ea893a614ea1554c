import {
  BLOCK_INPUTS,
  type Conv2DReluPoolGeometry,
  type DenseGeometry,
  type Kernels,
  type Mask,
} from '../../src/kernels/kernels.ts'
import { convFlops, convInputFlops, denseFlops, fusedConvFlops, winnerFlops } from './flops.ts'
import { type DeepShape, deepShapes, describeConv, notebookGeometry } from './geometries.ts'

/** A kernel at one geometry: to be verified on a few rows, then timed on all. */
export interface KernelCase {
  readonly kernel: string
  readonly shape: string
  readonly isDeep: boolean
  readonly rows: number
  readonly verifiedRows: number
  /** Useful operations a row. */
  readonly flops: number
  /** Bytes a row that have to be read and written, where they bound the speed. */
  readonly bytes?: number
  /** Terms of the longest sum of products over some rows; 0 where there are none, and all numerics give the same bits. */
  terms(rows: number): number
  /** Makes arrays for a number of rows. */
  bind(kernels: Kernels<Float32Array>, rows: number, draw: (length: number) => Float32Array): Bound
}

/** A kernel with its arrays. */
export interface Bound {
  readonly outputs: readonly Float32Array[]
  /** What `call` uses a view of. */
  readonly held?: Float32Array
  call(): void
}

const BATCH = 512

/** The kernels of the notebook's training steps, then three for each convolution of deeper networks. */
export function kernelCases(): KernelCase[] {
  const [first, second] = [32, 64].map(width => notebookGeometry(width, width))
  const third: Mask = { rate: 0.17, key: { layer: 3, step: 1 } }
  return [
    ...[first, second].flatMap(({ hidden }) => denseCases(hidden)),
    ...[first, second].flatMap(({ conv }) => fusedCases(conv, null)),
    fusedCases(second.conv, third)[0],
    elementwise('adam', 693_578, 12, 28, (k, n, draw) => {
      const [values, gradients, m, v] = [draw(n), draw(n), draw(n), draw(n).map(Math.abs)]
      const moments = k.allocate(n)
      moments.set(v)
      const step = { alpha: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }
      return { outputs: [values, m, moments], call: () => k.adam(n, step, values, gradients, m, moments) }
    }),
    elementwise('dropout', BATCH * second.hidden.inputs, 1, 8, (k, n, draw) => {
      const [x, y] = [draw(n), k.allocate(n)]
      return { outputs: [y], call: () => k.dropout(n, third.rate, third.key, x, y) }
    }),
    ...deepShapes.flatMap(convCases),
  ]
}

function denseCases(g: DenseGeometry): KernelCase[] {
  const { inputs, units } = g
  const common = {
    shape: `${BATCH}×${inputs}→${units}`,
    isDeep: false,
    rows: BATCH,
    verifiedRows: 20,
    flops: denseFlops(g),
  }
  return [
    {
      ...common,
      kernel: 'dense',
      terms: () => Math.min(inputs, BLOCK_INPUTS) + Math.ceil(inputs / BLOCK_INPUTS),
      bind(k, rows, draw) {
        const [x, w, b, y] = [
          draw(rows * inputs),
          draw(inputs * units),
          draw(units),
          k.allocate(rows * units),
        ]
        return { outputs: [y], call: () => k.dense(g, rows, x, w, b, y) }
      },
    },
    {
      ...common,
      kernel: 'dense dW',
      terms: rows => rows,
      bind(k, rows, draw) {
        const [x, dy] = [draw(rows * inputs), draw(rows * units)]
        const [dw, db] = [k.allocate(inputs * units), k.allocate(units)]
        return { outputs: [dw, db], call: () => k.denseBackwardWeights(g, rows, x, dy, dw, db) }
      },
    },
    {
      ...common,
      kernel: 'dense dX',
      terms: () => units,
      bind(k, rows, draw) {
        const [dy, w, dx] = [draw(rows * units), draw(inputs * units), k.allocate(rows * inputs)]
        return { outputs: [dx], call: () => k.denseBackwardInput(g, rows, dy, w, dx) }
      },
    },
  ]
}

function fusedCases(g: Conv2DReluPoolGeometry, mask: Mask | null): KernelCase[] {
  const image = g.height * g.width * g.channels
  const cells = g.pooledHeight * g.pooledWidth * g.filters
  const weights = g.kernelHeight * g.kernelWidth * g.channels * g.filters
  const dropping = mask ? ', dropout' : ''
  const common = { shape: describeConv(BATCH, g), isDeep: false, rows: BATCH, verifiedRows: 20 }
  return [
    {
      ...common,
      kernel: `conv, relu, pool${dropping}`,
      flops: fusedConvFlops(g),
      terms: () => weights / g.filters + 1,
      bind(k, rows, draw) {
        const [x, w, b, y] = [draw(rows * image), draw(weights), draw(g.filters), k.allocate(rows * cells)]
        const { bytes, held } = byteArray(k, rows * cells)
        const call = () => k.conv2dReluMaxPool2d(g, rows, x, w, b, y, bytes, mask)
        return { outputs: [y], call, held }
      },
    },
    {
      ...common,
      kernel: 'conv, relu, pool dW',
      flops: winnerFlops(g),
      terms: rows => rows * g.pooledHeight * g.pooledWidth + rows,
      bind(k, rows, draw) {
        const [x, dy] = [draw(rows * image), draw(rows * cells)]
        const [dw, db] = [k.allocate(weights), k.allocate(g.filters)]
        const { bytes, held } = byteArray(k, rows * cells)
        for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + (i >> 5)) % 4
        const call = () => k.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, bytes, mask, dw, db)
        return { outputs: [dw, db], call, held }
      },
    },
  ]
}

/** Bytes in the kernels' memory; they are good as long as `held` is. */
function byteArray(k: Kernels<Float32Array>, length: number) {
  const held = k.allocate(Math.ceil(length / 4))
  return { held, bytes: new Uint8Array(held.buffer, held.byteOffset, length) }
}

function convCases({ images, conv: g }: DeepShape): KernelCase[] {
  const input = g.height * g.width * g.channels
  const output = g.outHeight * g.outWidth * g.filters
  const depth = g.kernelHeight * g.kernelWidth * g.channels
  const weights = depth * g.filters
  const common = { shape: describeConv(images, g), isDeep: true, rows: images, verifiedRows: 2 }
  return [
    {
      ...common,
      kernel: 'conv',
      flops: convFlops(g),
      terms: () => depth + 1,
      bind(k, rows, draw) {
        const [x, w, b, y] = [draw(rows * input), draw(weights), draw(g.filters), k.allocate(rows * output)]
        return { outputs: [y], call: () => k.conv2d(g, rows, x, w, b, y) }
      },
    },
    {
      ...common,
      kernel: 'conv dW',
      flops: convFlops(g),
      terms: rows => rows * (g.outHeight * g.outWidth + 1),
      bind(k, rows, draw) {
        const [x, dy] = [draw(rows * input), draw(rows * output)]
        const [dw, db] = [k.allocate(weights), k.allocate(g.filters)]
        return { outputs: [dw, db], call: () => k.conv2dBackwardWeights(g, rows, x, dy, dw, db) }
      },
    },
    {
      ...common,
      kernel: 'conv dX',
      flops: convInputFlops(g),
      terms: () => g.kernelHeight * g.kernelWidth * g.filters,
      bind(k, rows, draw) {
        const [dy, w, dx] = [draw(rows * output), draw(weights), k.allocate(rows * input)]
        return { outputs: [dx], call: () => k.conv2dBackwardInput(g, rows, dy, w, dx) }
      },
    },
  ]
}

/** A kernel over `n` elements, each of which is a row. */
function elementwise(
  kernel: string,
  n: number,
  flops: number,
  bytes: number,
  bind: KernelCase['bind'],
): KernelCase {
  const common = { kernel, shape: `${n} elements`, isDeep: false, rows: n, verifiedRows: 10_007 }
  return { ...common, flops, bytes, terms: () => 0, bind }
}
