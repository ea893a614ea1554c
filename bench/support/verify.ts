import type { Kernels } from '../../src/kernels/kernels.ts'
import type { Numerics } from '../../src/kernels/simd/numerics.ts'
import { numbers } from './drawn-images.ts'
import type { KernelCase } from './kernel-cases.ts'

/** Draws arrays of numbers in −1 … 1, the same for every set of kernels. */
export function draws(kernels: Kernels<Float32Array>, change = (x: number) => x) {
  const next = numbers(7)
  return (length: number): Float32Array => {
    const drawn = kernels.allocate(length)
    for (let i = 0; i < length; i++) drawn[i] = change(Math.fround(2 * next() - 1))
    return drawn
  }
}

/**
 * Compares a kernel with the float32 reference on a few rows. Strict ones have to have its bits. Each of two ways to add n
 * products is within n·u·Σ|aₖbₖ| of the exact sum, u = 2⁻²⁴, and but for a chance in millions within 8·√n·u·Σ|aₖbₖ|; so fast
 * ones lie within twice the lesser of the two of the reference.
 *
 * Source: Higham and Mary (2019), A New Approach to Probabilistic Rounding Error Analysis
 *
 * @throws Error naming the kernel and the number that is wrong
 */
export function verify(
  kernelCase: KernelCase,
  kernels: Kernels<Float32Array>,
  reference: Kernels<Float32Array>,
  numerics: Numerics,
): void {
  const rows = Math.min(kernelCase.verifiedRows, kernelCase.rows)
  const terms = kernelCase.terms(rows)
  const results = (of: Kernels<Float32Array>, change?: (x: number) => number) => {
    const bound = kernelCase.bind(of, rows, draws(of, change))
    bound.call()
    return bound.outputs
  }
  const actual = results(kernels)
  const expected = results(reference)
  const isExact = numerics === 'strict' || terms === 0
  const magnitude = isExact ? expected : results(reference, Math.abs)
  const factor = 2 * Math.min(terms, 8 * Math.sqrt(terms)) * 2 ** -24
  for (const [output, values] of expected.entries()) {
    for (const [i, value] of values.entries()) {
      const found = actual[output][i]
      const bound = factor * Math.abs(magnitude[output][i])
      if (isExact ? Object.is(found, value) : Math.abs(found - value) <= bound) continue
      const { kernel, shape } = kernelCase
      throw new Error(
        `${kernel} of ${shape}: number ${i} of output ${output} is ${found}, expected ${value} (${numerics})`,
      )
    }
  }
}
