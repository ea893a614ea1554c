import { followsWindows, type Kernels } from '../kernels.ts'
import { float32 } from '../reference/arithmetic.ts'
import { convBackwardInputKernels, convBackwardInputTasks } from './conv2d/backward-input.ts'
import { convBackwardWeightsKernels, convBackwardWeightsTasks } from './conv2d/backward-weights.ts'
import { convKernels, convTasks } from './conv2d/forward.ts'
import { followWinnersKernels, followWinnersTasks } from './conv2d-relu-max-pool2d/backward-weights.ts'
import { fusedConvKernels, fusedConvTasks } from './conv2d-relu-max-pool2d/forward.ts'
import { denseKernels, denseTasks } from './dense/dense.ts'
import { elementwiseKernels, elementwiseTasks } from './elementwise.ts'
import { maxPoolKernels, maxPoolTasks } from './max-pool2d/max-pool2d.ts'
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
      ...denseTasks(target),
      ...convTasks(target),
      ...convBackwardWeightsTasks(target),
      ...convBackwardInputTasks(target),
      ...fusedConvTasks(target),
      ...followWinnersTasks(target),
      ...maxPoolTasks,
      ...elementwiseTasks,
      ...softmaxTasks,
      ...optimizerTasks,
    },
    hire,
  )
  const backwardWeights = convBackwardWeightsKernels(machine, target)
  const followWinners = followWinnersKernels(machine)
  return {
    name: `WebAssembly SIMD ${target.numerics}`,
    arithmetic: float32,
    allocate: length => machine.allocate(length),
    release: array => machine.release(array),
    owns: array => machine.owns(array),
    ...denseKernels(machine, target),
    ...convKernels(machine, target),
    ...convBackwardInputKernels(machine, target),
    ...fusedConvKernels(machine, target),
    ...maxPoolKernels(machine),
    ...elementwiseKernels(machine),
    ...softmaxKernels(machine),
    ...optimizerKernels(machine),
    conv2dBackwardWeights: backwardWeights.conv2dBackwardWeights,
    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      const kernels = followsWindows(g) ? followWinners : backwardWeights
      kernels.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db)
    },
  }
}
