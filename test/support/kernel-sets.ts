import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import type { Round } from './kernels.ts'
import { readyKernels, tiles } from './simd.ts'

/** A kernel set, and what `+ − × ÷ √` go through in its precision. */
type KernelSet = readonly [title: string, kernels: Kernels<Real>, round: Round]

/** The kernel sets that are the specification. */
export const referenceSets: readonly KernelSet[] = [
  ['reference float32', referenceFloat32, Math.fround],
  ['reference float64', referenceFloat64, x => x],
]

/** Every kernel set that has to equal the definitions in these tests bit for bit. */
export const kernelSets: readonly KernelSet[] = [
  ...referenceSets,
  ['SIMD without relaxed', await readyKernels(1, tiles['4×8'], 'strict', false), Math.fround],
  ['SIMD on threads', await readyKernels(3, tiles['6×16']), Math.fround],
]
