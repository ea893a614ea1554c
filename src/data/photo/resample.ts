import { type Tensor, tensor } from '../../tensor/tensor.ts'

/** An image whose rows are made when they are asked for, so that a large photo is never copied as a whole. */
export interface RowSource {
  readonly width: number
  readonly height: number
  readonly channels: number
  /** Writes row y, `width · channels` numbers, to the beginning of `into`. */
  row(y: number, into: Float32Array): void
}

/** The pixels that a pixel of another size covers, the first and the last in part, and the share that each has in it. */
interface Cover {
  readonly first: number
  readonly shares: readonly number[]
}

/**
 * An image in another size: each pixel is the mean of the area that it covers, so that noise is averaged away.
 *
 * @returns [height, width, channels]
 */
export function resample(source: RowSource, width: number, height: number): Tensor {
  const { channels } = source
  const columns = covers(source.width, width)
  const line = new Float32Array(source.width * channels)
  const narrow = new Float32Array(width * channels)
  const data = new Float32Array(height * width * channels)
  let atHand = -1
  for (const [y, { first, shares }] of covers(source.height, height).entries()) {
    const target = data.subarray(y * narrow.length, (y + 1) * narrow.length)
    for (const [i, share] of shares.entries()) {
      // Neighbours have a row in common.
      if (atHand !== first + i) {
        atHand = first + i
        source.row(atHand, line)
        resampleRow(line, columns, channels, narrow)
      }
      for (let k = 0; k < target.length; k++) target[k] += share * narrow[k]
    }
  }
  return tensor(data, [height, width, channels])
}

function resampleRow(row: Float32Array, columns: readonly Cover[], channels: number, into: Float32Array) {
  let k = 0
  for (const { first, shares } of columns) {
    for (let channel = 0; channel < channels; channel++) {
      let mean = 0
      for (let i = 0; i < shares.length; i++) mean += shares[i] * row[(first + i) * channels + channel]
      into[k++] = mean
    }
  }
}

function covers(from: number, to: number): Cover[] {
  return Array.from({ length: to }, (_, i) => {
    // In whole numbers, in which a pixel of the source is `to` wide and one of the target `from`.
    const [start, end] = [i * from, (i + 1) * from]
    const first = Math.floor(start / to)
    const shares = Array.from({ length: Math.ceil(end / to) - first }, (_, k) => {
      const [left, right] = [(first + k) * to, (first + k + 1) * to]
      return (Math.min(end, right) - Math.max(start, left)) / from
    })
    return { first, shares }
  })
}
