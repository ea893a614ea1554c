import type { Kernels, WindowGeometry } from '../kernels/kernels.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Case, Draws, KernelName } from './self-test-case.ts'
import { products } from './self-test-products.ts'

const exact = <Name extends KernelName>(run: Case<Name>['run']): Case<Name> => ({ terms: 0, run })

/* Lengths are no multiples of any vector, and channels of no block. */

const NUMBERS = 331
const CLASSES = 10
const IMAGES = 2
const pool: WindowGeometry = {
  ...{ kernelHeight: 3, kernelWidth: 3, strideHeight: 2, strideWidth: 2, padTop: 0, padLeft: 0 },
  ...{ height: 7, width: 5, channels: 23, outHeight: 3, outWidth: 2 },
}
const POOL_IMAGE = pool.height * pool.width * pool.channels
const POOLED = pool.outHeight * pool.outWidth * pool.channels

/** The cases of every kernel. */
export const cases: { readonly [Name in KernelName]: readonly Case<Name>[] } = {
  ...products,

  maxPool2d: [null, Uint8Array, Int32Array].map(Type =>
    exact((kernel, { reals, integers }) => {
      const [x, y] = [reals(IMAGES * POOL_IMAGE), reals(IMAGES * POOLED)]
      const winners = Type && integers<Uint8Array | Int32Array>(Type, y.length, 256)
      kernel(pool, IMAGES, x, y, winners)
      return winners ? [y, winners] : [y]
    }),
  ),
  maxPool2dBackward: [Uint8Array, Int32Array].map(Type =>
    exact((kernel, { reals, integers }) => {
      const [dy, dx] = [reals(IMAGES * POOLED), reals(IMAGES * POOL_IMAGE)]
      const winners = integers<Uint8Array | Int32Array>(Type, dy.length, pool.kernelHeight * pool.kernelWidth)
      kernel(pool, IMAGES, dy, winners, dx)
      return [dx]
    }),
  ),

  relu: [exact(oneToOne)],
  reluBackward: [exact(twoToOne)],
  sigmoid: [exact(oneToOne)],
  sigmoidBackward: [exact(twoToOne)],
  softmax: [
    exact((kernel, { reals }) => {
      const [x, y] = [reals(NUMBERS), reals(NUMBERS)]
      kernel(Math.floor(NUMBERS / CLASSES), CLASSES, x, y)
      return [y]
    }),
  ],
  softmaxBackward: [
    exact((kernel, { reals }) => {
      const [y, dy, dx] = [reals(NUMBERS), reals(NUMBERS), reals(NUMBERS)]
      kernel(Math.floor(NUMBERS / CLASSES), CLASSES, y, dy, dx)
      return [dx]
    }),
  ],

  rescale: [false, true].map(ofBytes =>
    exact((kernel, { reals, integers }) => {
      const x = ofBytes ? integers(Uint8Array, NUMBERS, 256) : reals(NUMBERS)
      const y = reals(NUMBERS)
      kernel(NUMBERS, 1 / 255, -0.3, x, y)
      return [y]
    }),
  ),
  dropout: [
    exact((kernel, { reals }) => {
      const [x, y] = [reals(NUMBERS), reals(NUMBERS)]
      kernel(NUMBERS, 0.3, { layer: 2, step: 5 }, x, y)
      return [y]
    }),
  ],

  adam: [
    exact((kernel, { reals }) => {
      const [values, gradients, m, v] = [reals(NUMBERS), reals(NUMBERS), reals(NUMBERS), reals(NUMBERS)]
      // Squares.
      for (let i = 0; i < NUMBERS; i++) v[i] = Math.abs(v[i])
      kernel(NUMBERS, { alpha: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }, values, gradients, m, v)
      return [values, m, v]
    }),
  ],
  sgd: [null, false, true].map(nesterov =>
    exact((kernel, { reals }) => {
      const [values, gradients, velocity] = [reals(NUMBERS), reals(NUMBERS), reals(NUMBERS)]
      const step = { learningRate: 0.1, momentum: 0.9, nesterov: nesterov === true }
      kernel(NUMBERS, step, values, gradients, nesterov === null ? null : velocity)
      return [values, velocity]
    }),
  ),
}

function oneToOne<A extends Real>(kernel: Kernels<A>['relu' | 'sigmoid'], { reals }: Draws<A>): A[] {
  const [x, y] = [reals(NUMBERS), reals(NUMBERS)]
  kernel(NUMBERS, x, y)
  return [y]
}

function twoToOne<A extends Real>(
  kernel: Kernels<A>['reluBackward' | 'sigmoidBackward'],
  { reals }: Draws<A>,
): A[] {
  const [y, dy, dx] = [reals(NUMBERS), reals(NUMBERS), reals(NUMBERS)]
  kernel(NUMBERS, y, dy, dx)
  return [dx]
}
