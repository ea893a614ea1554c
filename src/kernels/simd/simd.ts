import type { Kernels } from '../kernels.ts'
import { float32 } from '../reference/arithmetic.ts'
import { conv2dKernels } from './conv2d/conv2d.ts'
import { conv2dReluMaxPool2dKernels } from './conv2d-relu-max-pool2d/conv2d-relu-max-pool2d.ts'
import { denseKernels } from './dense/dense.ts'
import { elementwiseKernels } from './elementwise.ts'
import { maxPool2dKernels } from './max-pool2d/max-pool2d.ts'
import { moduleFor } from './module-for.ts'
import type { Target } from './numerics.ts'
import { optimizerKernels } from './optimizers.ts'
import { type Crew, Machine, type Share } from './runtime/machine.ts'
import { softmaxKernels } from './softmax.ts'

/** What WebAssembly SIMD kernels are made for. */
export interface SimdOptions extends Target {
  /** Finds the threads that run the tasks of a module. */
  hire(share: Share): Crew
}

/**
 * The kernels as WebAssembly SIMD: in strict numerics equal to the float32 reference bit for bit. Their module is
 * compiled and started by this call.
 *
 * @throws WebAssembly.CompileError where the engine lacks what the target asks for
 */
export function simdKernels({ hire, ...target }: SimdOptions): Kernels<Float32Array> {
  const machine = new Machine(moduleFor(target), hire)
  const conv2d = conv2dKernels(machine, target)
  return {
    name: `WebAssembly SIMD ${target.numerics}`,
    arithmetic: float32,
    allocate: length => machine.allocate(length),
    release: array => machine.release(array),
    owns: array => machine.owns(array),
    ...denseKernels(machine, target),
    ...conv2d,
    ...conv2dReluMaxPool2dKernels(machine, target, conv2d),
    ...maxPool2dKernels(machine),
    ...elementwiseKernels(machine),
    ...softmaxKernels(machine),
    ...optimizerKernels(machine),
  }
}
