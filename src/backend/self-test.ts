import type { Kernels } from '../kernels/kernels.ts'
import { maskWord } from '../kernels/reference/mask-word.ts'
import { referenceFloat32, referenceFloat64 } from '../kernels/reference/reference.ts'
import type { Numerics } from '../kernels/simd/numerics.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Case, Draws, KernelName } from './self-test-case.ts'
import { cases } from './self-test-cases.ts'

/**
 * Compares every kernel with the reference, in small calls: all outputs have to have its bits. With fast numerics sums of
 * products have to lie within γₙ·Σ|aₖbₖ| of float64 instead, where n is the number of terms, γₙ = n·2⁻²⁴ / (1 − n·2⁻²⁴),
 * and Σ the largest of an array: Winograd's algorithm errs by what a whole tile holds.
 *
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, section 3.1
 */
export function agreesWithReference(kernels: Kernels<Float32Array>, numerics: Numerics): boolean {
  const names = Object.keys(cases) as KernelName[]
  return names.every(name => isRight(name, kernels, numerics))
}

function isRight<Name extends KernelName>(
  name: Name,
  kernels: Kernels<Float32Array>,
  numerics: Numerics,
): boolean {
  return cases[name].every((call: Case<Name>) => {
    const agrees = numerics === 'fast' && call.terms > 0 ? near(name, call) : same(name, call)
    // Again, since an engine may run a function once before it has optimised it.
    return agrees(outputsOf(name, call, kernels)) && agrees(outputsOf(name, call, kernels))
  })
}

type Outputs = readonly ArrayLike<number>[]

function same<Name extends KernelName>(name: Name, call: Case<Name>): (actual: Outputs) => boolean {
  const expected = outputsOf(name, call, referenceFloat32)
  return actual => actual.every((array, i) => everywhere(array, expected[i], Object.is))
}

function near<Name extends KernelName>(name: Name, call: Case<Name>): (actual: Outputs) => boolean {
  const gamma = (call.terms * 2 ** -24) / (1 - call.terms * 2 ** -24)
  const exact = outputsOf(name, call, referenceFloat64)
  const bounds = outputsOf(name, call, referenceFloat64, Math.abs).map(sums => gamma * largest(sums))
  // A winner's is far below 1, so that no other pixel may have won.
  return actual =>
    actual.every((array, i) => everywhere(array, exact[i], (a, b) => Math.abs(a - b) <= bounds[i]))
}

function everywhere(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  holds: (actual: number, expected: number) => boolean,
): boolean {
  for (let i = 0; i < actual.length; i++) if (!holds(actual[i], expected[i])) return false
  return true
}

function largest(numbers: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers[i])
  return most
}

/** @param change what the numbers from −1 … 1 go through */
function outputsOf<Name extends KernelName, A extends Real>(
  name: Name,
  call: Case<Name>,
  kernels: Kernels<A>,
  change = (x: number) => x,
): Outputs {
  return call.run(kernels[name], drawFor(kernels, change))
}

/** Draws the same numbers for every set of kernels. */
function drawFor<A extends Real>(kernels: Kernels<A>, change: (x: number) => number): Draws<A> {
  let drawn = 0
  // `random` would take 20 ms more at start-up, of 55 on Node 24.
  const next = () => maskWord(drawn++, 0, 0) / 2 ** 32
  return {
    reals(length) {
      const array = kernels.allocate(length)
      for (let i = 0; i < length; i++) array[i] = change(Math.fround(2 * next() - 1))
      return array
    },
    integers(Type, length, end) {
      // Nobody is given the memory of an array that is not held before the event loop turns.
      const { buffer, byteOffset } = kernels.allocate(length)
      const array = new Type(buffer, byteOffset, length)
      for (let i = 0; i < length; i++) array[i] = Math.floor(end * next())
      return array
    },
  }
}
