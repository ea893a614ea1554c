import { OptionError } from '../errors.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Kernels } from './kernels.ts'

type Call = (...values: readonly unknown[]) => void

/**
 * The same kernels for code that is not the library's own: each call first looks whether its arrays lie in the kernels'
 * memory. Without that, one that does not would be taken for the part of the memory at its own offset, which may hold another
 * model's weights.
 *
 * @param owner who calls them, for the error
 */
export function checkedKernels<A extends Real>(kernels: Kernels<A>, owner: string): Kernels<A> {
  const { name, arithmetic, allocate, owns, ...calls } = kernels
  const checked = Object.entries(calls).map(([call, run]) => {
    const runChecked: Call = (...values) => {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]
        if (ArrayBuffer.isView(value) && !owns(value)) throw foreign(owner, call, i, value)
      }
      const unchecked = run as Call
      unchecked(...values)
    }
    return [call, runChecked]
  })
  return { name, arithmetic, allocate, owns, ...Object.fromEntries(checked) }
}

function foreign(owner: string, call: string, index: number, array: ArrayBufferView): OptionError {
  const expected =
    "an array in the kernels' memory: one that the step was given, or that bind made by kernels.allocate"
  return new OptionError(owner, `argument ${index + 1} of ${call}`, array, expected)
}
