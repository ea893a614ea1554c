import type { Real } from '../tensor/tensor.ts'

/*
 * One alphabet for dimensions, here and in every kernel and layer:
 *   rows (N) of a batch, H W height and width, C channels in, F filters (channels out), KH KW the kernel's height and width.
 * Images lie as NHWC, convolution kernels as [KH, KW, C, F], dense weights as [in, out]. `d` before a name is the
 * gradient of the loss with respect to it.
 */

/** The geometry of a window that slides over an image: of a convolution, or of a pooling. */
export interface WindowGeometry {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  /** Rows of padding above the image; what hangs over below follows from the other sizes. */
  readonly padTop: number
  readonly padLeft: number
  readonly outHeight: number
  readonly outWidth: number
}

/** The geometry of a convolution. */
export interface Conv2DGeometry extends WindowGeometry {
  readonly filters: number
}

/**
 * The geometry of a convolution whose output goes through ReLU and max-pooling. The windows of the pooling touch and do not
 * overlap, and lie wholly on the map of the convolution; pixels at the bottom and right may lie in none. A window of 1×1
 * stands for no pooling. `poolHeight · poolWidth` is at most 255, so that a byte says which pixel won.
 */
export interface Conv2DReluPoolGeometry extends Conv2DGeometry {
  readonly poolHeight: number
  readonly poolWidth: number
  readonly pooledHeight: number
  readonly pooledWidth: number
}

/** The geometry of a dense layer: the lengths of a row of input and of output. */
export interface DenseGeometry {
  readonly inputs: number
  readonly units: number
}

/**
 * Inputs of a dense layer whose products form one chain of additions; the sums of such blocks are then added in order.
 * The longer a chain, the more it rounds: the notebook's trained models, with dense layers of 5,408 and 10,816 inputs, predict
 * within 2.3e-6 of float64, and in a single chain within 1.5e-5. 512 inputs with 16 weights each fill the 32 KB of a
 * first-level cache.
 */
export const BLOCK_INPUTS = 512

/**
 * Images whose weight gradients form one chain of additions; the sums of such shards are then added in order. A shard
 * is work that may be done apart from the others.
 */
export const SHARD_IMAGES = 16

/** A convolution with more weights than this is not sharded: one chain over all images for each weight. */
export const SHARDED_WEIGHTS = 16_384

/** Images in one shard of this convolution's weight gradient: a matter of geometry alone. */
export function imagesPerShard(g: Conv2DGeometry): number {
  const weights = g.kernelHeight * g.kernelWidth * g.channels * g.filters
  return weights <= SHARDED_WEIGHTS ? SHARD_IMAGES : Number.POSITIVE_INFINITY
}

/** What names one mask of Dropout: the same two numbers draw the same mask, for any split of the work. */
export interface MaskKey {
  readonly layer: number
  readonly step: number
}

/** A mask of Dropout: which elements, and the share of them that is dropped. */
export interface Mask {
  readonly rate: number
  readonly key: MaskKey
}

/** The byte of a cell through which no gradient flows: ReLU or Dropout has killed its winner, or it is NaN. */
export const NO_WINNER = 255

/**
 * Whether the weight gradient of a fused convolution adds its terms window by window, rather than in the order of the
 * pixels. There a fast kernel goes to the winners alone, a fraction of the pixels; it pays where windows are small and a
 * winner's patch is a few registers, for filters in fours. A matter of geometry alone, as every order of additions.
 */
export function followsWindows(g: Conv2DReluPoolGeometry): boolean {
  const pixels = g.poolHeight * g.poolWidth
  const taps = g.kernelHeight * g.kernelWidth * g.channels
  return pixels > 1 && pixels <= 4 && taps <= 32 && g.filters % 4 === 0
}

/** A scalar's arithmetic in the precision of a kernel set. `round` goes around every `+ − × ÷ √` in float32. */
export interface Arithmetic {
  round(x: number): number
  exp(x: number): number
  log(x: number): number
}

/** One step of Adam: θ ← θ − αₜ·m / (√v + ε). */
export interface AdamStep {
  /** αₜ = learningRate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
  readonly alpha: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/** One step of SGD: v ← momentum·v − learningRate·g, and θ moves by it; see {@link Kernels.sgd}. */
export interface SgdStep {
  readonly learningRate: number
  readonly momentum: number
  readonly nesterov: boolean
}

/**
 * The one interface between layers and arithmetic. Arrays are flat, contiguous and row-major; they may be longer than
 * needed, and only the first `rows` rows (or `n` elements) are read or written. An output is overwritten, never added
 * to. Nothing is allocated once a geometry has been seen.
 *
 * The order of additions belongs to the definition of a function. A *chain* is a sum formed one term after the other:
 * s ← s + a·b, the product rounded, then the sum. It depends on geometry alone, so that every implementation gives the
 * same bits. In float32 each of `+ − × ÷ √` is rounded by itself; scalars (rates, scales, α, 1 − β) are worked out in
 * float64 and rounded once, before they meet an element.
 */
export interface Kernels<A extends Real = Float32Array> {
  readonly name: string
  readonly arithmetic: Arithmetic
  /**
   * A fresh array of zeros in the memory that these kernels work on. The memory may be given to others once the array is
   * garbage: who holds a view of it must hold the array as well.
   */
  allocate(length: number): A
  /**
   * Gives the memory of such an array back at once, rather than when it has been collected: neither it nor a view of it may
   * be used from then on.
   */
  release(array: A): void
  /**
   * Whether an array lies in the memory that these kernels work on: one that `allocate` made, or a view of it. They compute
   * with no other; the reference does with any.
   */
  owns(array: ArrayBufferView): boolean

  /**
   * y[n,u] = b[u] + Σᵢ x[n,i]·w[i,u]: a chain from 0 for each block of `BLOCK_INPUTS` inputs, i ascending; the blocks are
   * added in order, from the bias (or 0).
   */
  dense(g: DenseGeometry, rows: number, x: A, w: A, b: A | null, y: A): void
  /** dw[i,u] = Σₙ x[n,i]·dy[n,u] and db[u] = Σₙ dy[n,u]: chains from 0, n ascending. */
  denseBackwardWeights(g: DenseGeometry, rows: number, x: A, dy: A, dw: A, db: A | null): void
  /** dx[n,i] = Σᵤ dy[n,u]·w[i,u]: a chain from 0, u ascending. */
  denseBackwardInput(g: DenseGeometry, rows: number, dy: A, w: A, dx: A): void

  /** y[n,oh,ow,f] = b[f] + Σ x·w: a chain that starts at the bias (or 0), over kh, kw, c in this order. Padding is zeros. */
  conv2d(g: Conv2DGeometry, rows: number, x: A, w: A, b: A | null, y: A): void
  /**
   * dw[kh,kw,c,f] = Σ x·dy and db[f] = Σ dy over the images of a shard, oh, ow: a chain from 0 for each shard of
   * `imagesPerShard` images; the shards are added in order, from 0.
   */
  conv2dBackwardWeights(g: Conv2DGeometry, rows: number, x: A, dy: A, dw: A, db: A | null): void
  /**
   * dx[n,h,w,c] = Σ dy·w: a chain from 0 over the kh, kw whose output exists, then f, each ascending. Others add nothing:
   * for finite w the same as to add their products with 0, which an implementation may do.
   */
  conv2dBackwardInput(g: Conv2DGeometry, rows: number, dy: A, w: A, dx: A): void

  /**
   * y = the largest x of the window; padding never wins. Ties go to the first in row-major order (−0 and +0 tie). NaN
   * wins, the last of several. Where `winners` is given it gets kh·KW + kw of the winner.
   */
  maxPool2d(g: WindowGeometry, rows: number, x: A, y: A, winners: Uint8Array | Int32Array | null): void
  /** dx = the sum of dy over the windows that x won, a chain from 0, windows in row-major order. */
  maxPool2dBackward(g: WindowGeometry, rows: number, dy: A, winners: Uint8Array | Int32Array, dx: A): void

  /**
   * y = dropout(maxPool2d(relu(conv2d(x)))), each with the bits of its own function; without a mask no dropout. Where
   * `winners` is given, each cell of y gets a byte: ph·poolWidth + pw of the pixel that won its window, or NO_WINNER where y
   * is not above 0 (ReLU or the mask has killed it, or it is NaN).
   */
  conv2dReluMaxPool2d(
    g: Conv2DReluPoolGeometry,
    rows: number,
    x: A,
    w: A,
    b: A | null,
    y: A,
    winners: Uint8Array | null,
    mask: Mask | null,
  ): void
  /**
   * dw and db as of `conv2dBackwardWeights`, where only the pixels that won have a gradient: dy of the cell, with a mask
   * dy / (1 − rate), the scale being rounded first. Shards are the same, and so is the chain in each, over the images, oh, ow;
   * but where `followsWindows(g)`, over the images and the windows, both in row-major order. Pixels without a gradient add
   * nothing: for finite x and dy the same as to add products with 0, which an implementation may do.
   */
  conv2dReluMaxPool2dBackwardWeights(
    g: Conv2DReluPoolGeometry,
    rows: number,
    x: A,
    dy: A,
    winners: Uint8Array,
    mask: Mask | null,
    dw: A,
    db: A | null,
  ): void
  /** dx as of `conv2dBackwardInput`, over the gradients of the pixels: those of the winners as above, the others 0. */
  conv2dReluMaxPool2dBackwardInput(
    g: Conv2DReluPoolGeometry,
    rows: number,
    dy: A,
    winners: Uint8Array,
    mask: Mask | null,
    w: A,
    dx: A,
  ): void

  /** y = x < 0 ? 0 : x, so that NaN stays NaN and −0 stays −0. May work in place, as all elementwise functions below. */
  relu(n: number, x: A, y: A): void
  /** dx = y > 0 ? dy : 0. */
  reluBackward(n: number, y: A, dy: A, dx: A): void
  /** y = 1 / (1 + exp(−x)), through e = exp(−|x|) as e / (1 + e) for negative x. */
  sigmoid(n: number, x: A, y: A): void
  /** dx = dy·(y·(1 − y)). */
  sigmoidBackward(n: number, y: A, dy: A, dx: A): void
  /** y[n,c] = e[c] / Σ e with e = exp(x − max x); the sum is a chain from 0 over c. */
  softmax(rows: number, classes: number, x: A, y: A): void
  /** dx[c] = y[c]·(dy[c] − Σ dy·y); the sum is a chain from 0 over c. */
  softmaxBackward(rows: number, classes: number, y: A, dy: A, dx: A): void

  /** y = x·scale + offset; x may be bytes, such as the pixels of images. */
  rescale(n: number, scale: number, offset: number, x: A | Uint8Array, y: A): void
  /**
   * y = x / (1 − rate) where element i of the mask is kept, else 0; the scale 1 / (1 − rate) is rounded first. Its own
   * backward: the same call on dy.
   */
  dropout(n: number, rate: number, key: MaskKey, x: A, y: A): void

  /** m += (g − m)·(1 − β₁); v += (g·g − v)·(1 − β₂); θ −= m·α / (√v + ε). */
  adam(n: number, step: AdamStep, values: A, gradients: A, m: A, v: A): void
  /**
   * With a velocity: v ← momentum·v − learningRate·g; θ ← θ + v, or with Nesterov θ ← θ + (momentum·v − learningRate·g).
   * Without: θ ← θ − learningRate·g.
   */
  sgd(n: number, step: SgdStep, values: A, gradients: A, velocity: A | null): void
}
