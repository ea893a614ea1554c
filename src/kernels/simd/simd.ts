import type { Kernels } from '../kernels.ts'
import { float32 } from '../reference/arithmetic.ts'
import { conv2dKernels, conv2dTasks } from './conv2d/conv2d.ts'
import {
  conv2dReluMaxPool2dKernels,
  conv2dReluMaxPool2dTasks,
} from './conv2d-relu-max-pool2d/conv2d-relu-max-pool2d.ts'
import { denseKernels } from './dense/dense.ts'
import { denseTasks } from './dense/dense-task.ts'
import { elementwiseKernels, elementwiseTasks } from './elementwise.ts'
import { panelTasks } from './gemm/panels.ts'
import { maxPool2dKernels, maxPool2dTasks } from './max-pool2d/max-pool2d.ts'
import type { Target } from './numerics.ts'
import { optimizerKernels, optimizerTasks } from './optimizers.ts'
import { type Crew, Machine, type Share } from './runtime/machine.ts'
import { softmaxKernels, softmaxTasks } from './softmax.ts'

/** What WebAssembly SIMD kernels are made for. */
export interface SimdOptions extends Target {
  /** Finds the threads that run the tasks of a module. */
  hire(share: Share): Crew
}

/**
 * The kernels as WebAssembly SIMD: in strict numerics equal to the float32 reference bit for bit. Their module is written,
 * compiled and started by this call.
 *
 * @throws WebAssembly.CompileError where the engine lacks what the target asks for
 */
export function simdKernels({ hire, ...target }: SimdOptions): Kernels<Float32Array> {
  const machine = new Machine(
    {
      ...panelTasks(target),
      ...denseTasks(target),
      ...conv2dTasks(target),
      ...conv2dReluMaxPool2dTasks(target),
      ...maxPool2dTasks,
      ...elementwiseTasks,
      ...softmaxTasks,
      ...optimizerTasks,
    },
    hire,
  )
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
