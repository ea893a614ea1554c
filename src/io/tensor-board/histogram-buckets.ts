/** As many as TensorBoard takes where nothing else is said. */
const BUCKETS = 30

/**
 * Counts numbers in 30 buckets of equal width from the smallest to the largest, each closed at its left edge, the last one
 * on both sides. Where all numbers are equal, every bucket has that number as both edges and the last one holds all;
 * without numbers everything is 0.
 *
 * @returns left edge, right edge and count of each bucket, one behind the other
 * @example
 * histogramBuckets([0, 1, 2]).slice(0, 3) // 0, 1/15, 1
 */
export function histogramBuckets(values: ArrayLike<number>): Float64Array {
  const buckets = new Float64Array(3 * BUCKETS)
  if (values.length === 0) return buckets
  let min = values[0]
  let max = values[0]
  for (let i = 1; i < values.length; i++) {
    min = Math.min(min, values[i])
    max = Math.max(max, values[i])
  }
  const width = (max - min) / BUCKETS
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    buckets[3 * bucket] = min + bucket * width
    buckets[3 * bucket + 1] = bucket === BUCKETS - 1 ? max : min + (bucket + 1) * width
  }
  for (let i = 0; i < values.length; i++) {
    const bucket = width === 0 ? BUCKETS - 1 : Math.floor((values[i] - min) / width)
    buckets[3 * Math.min(bucket, BUCKETS - 1) + 2]++
  }
  return buckets
}
