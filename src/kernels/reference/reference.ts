import type { Real } from '../../tensor/tensor.ts'
import type { Arithmetic, Kernels } from '../kernels.ts'
import { float32, float64 } from './arithmetic.ts'
import { convKernels } from './conv2d.ts'
import { fusedKernels } from './conv2d-relu-max-pool2d.ts'
import { denseKernels } from './dense.ts'
import { elementwiseKernels } from './elementwise.ts'
import { type Gemm, gemm32, gemm64 } from './gemm.ts'
import { poolKernels } from './max-pool2d.ts'
import { optimizerKernels } from './optimizers.ts'

/** The plain TypeScript kernels: the specification that every other set must equal. */
function reference<A extends Real>(
  name: string,
  arithmetic: Arithmetic,
  gemm: Gemm<A>,
  allocate: (length: number) => A,
): Kernels<A> {
  const parts = {
    ...convKernels(arithmetic, gemm, allocate),
    ...poolKernels<A>(arithmetic),
    ...elementwiseKernels<A>(arithmetic),
  }
  return {
    name,
    arithmetic,
    allocate,
    release: () => {},
    owns: () => true,
    ...denseKernels(arithmetic, gemm, allocate),
    ...parts,
    ...fusedKernels(arithmetic, parts, allocate),
    ...optimizerKernels<A>(arithmetic),
  }
}

/** Float32 with every operation rounded by itself: the same bits on every machine. */
export const referenceFloat32: Kernels<Float32Array> = reference(
  'reference float32',
  float32,
  gemm32,
  length => new Float32Array(length),
)

/** Float64, for gradient checks. */
export const referenceFloat64: Kernels<Float64Array> = reference(
  'reference float64',
  float64,
  gemm64,
  length => new Float64Array(length),
)
