/*
 * Weights and images that test/golden/parity.py generates too, bit for bit, so that they need not be stored.
 */

/** `n` numbers in [0, 1), multiples of 2⁻²⁴: the hash `lowbias32` of a counter. */
export function uniform(stream: number, n: number): Float64Array {
  const draws = new Float64Array(n)
  const start = Math.imul(stream, 0x9e3779b9)
  for (let i = 0; i < n; i++) {
    let x = (start + i) | 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    draws[i] = ((x ^ (x >>> 16)) >>> 8) / 2 ** 24
  }
  return draws
}

/** Uniform in ±`scale`. */
export function centred(stream: number, n: number, scale: number): Float32Array {
  return Float32Array.from(uniform(stream, n), u => (2 * u - 1) * scale)
}

/** Images of a bright bar, the lower the higher the label, under noise, with a black margin on the right. */
export function generatedImages(n: number): { images: Float32Array; labels: Uint8Array } {
  const labels = Uint8Array.from(uniform(100, n), u => Math.floor(10 * u))
  const noise = uniform(101, n * 784)
  const images = Float32Array.from(noise, (u, i) => {
    const column = i % 28
    const below = (Math.floor(i / 28) % 28) - 2 * labels[Math.floor(i / 784)]
    const inBar = below >= 0 && below < 8
    if (column >= 24) return 0
    return inBar ? 0.75 + 0.25 * u : 0.25 * u
  })
  return { images, labels }
}
