import { histogramBuckets } from './histogram-buckets.ts'
import type { SummaryTensor } from './tensor-proto.ts'

/** What TensorBoard shows under one name at one step. */
export interface Summary {
  /** Its name in TensorBoard; slashes make groups. */
  readonly tag: string
  /** The part of TensorBoard that shows it. */
  readonly plugin: 'scalars' | 'histograms' | 'images'
  readonly tensor: SummaryTensor
}

/** Pixels as a PNG file, with their size. */
export interface Png {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/**
 * A number, which TensorBoard draws over the steps; kept in float32.
 *
 * Source: TensorBoard, `plugins/scalar/summary_v2.py`.
 */
export function scalar(tag: string, value: number): Summary {
  return { tag, plugin: 'scalars', tensor: { kind: 'float32', value } }
}

/**
 * How numbers are distributed, as a matrix [30, 3] with a bucket a row: left edge, right edge, count.
 *
 * Source: TensorBoard, `plugins/histogram/summary_v2.py`.
 */
export function histogram(tag: string, values: ArrayLike<number>): Summary {
  const buckets = histogramBuckets(values)
  const shape = [buckets.length / 3, 3]
  return { tag, plugin: 'histograms', tensor: { kind: 'float64', shape, values: buckets } }
}

/**
 * One image, as a list of texts and bytes: width, height, PNG.
 *
 * Source: TensorBoard, `plugins/image/summary_v2.py`.
 */
export function image(tag: string, { width, height, bytes }: Png): Summary {
  const text = new TextEncoder()
  const values = [text.encode(String(width)), text.encode(String(height)), bytes]
  return { tag, plugin: 'images', tensor: { kind: 'bytes', values } }
}
