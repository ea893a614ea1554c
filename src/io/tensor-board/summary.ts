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
 * One image, as a list of byte strings: width and height in digits, and the PNG.
 *
 * Source: TensorBoard, `plugins/image/summary_v2.py`.
 *
 * @param png a whole PNG file
 */
export function image(tag: string, png: Uint8Array): Summary {
  // A PNG begins with a signature of 8 bytes and the chunk IHDR: its length, its name, width, height.
  const header = new DataView(png.buffer, png.byteOffset)
  const size = [header.getUint32(16), header.getUint32(20)]
  const values = [...size.map(pixels => new TextEncoder().encode(String(pixels))), png]
  return { tag, plugin: 'images', tensor: { kind: 'bytes', values } }
}
