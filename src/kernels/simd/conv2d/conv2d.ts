import type { Kernels } from '../../kernels.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { backwardInputKernels } from './backward-input.ts'
import { backwardInputTasks } from './backward-input-task.ts'
import { backwardWeightsKernels } from './backward-weights.ts'
import { backwardWeightsTasks } from './backward-weights-task.ts'
import { forwardKernels } from './forward.ts'
import { forwardTasks } from './forward-task.ts'
import { shardTasks } from './shards.ts'

type Conv2DKernels = Pick<
  Kernels,
  | 'conv2d'
  | 'conv2dBackwardInput'
  | 'conv2dBackwardWeights'
  | 'conv2dReluMaxPool2dBackwardInput'
  | 'conv2dReluMaxPool2dBackwardWeights'
>

export const conv2dTasks = (target: Target) => ({
  ...forwardTasks(target),
  ...backwardWeightsTasks(target),
  ...backwardInputTasks(target),
  ...shardTasks,
})

/** Those of a convolution, and the same from the gradient of a pooled map. */
export const conv2dKernels = (machine: Machine, target: Target): Conv2DKernels => ({
  ...forwardKernels(machine, target),
  ...backwardWeightsKernels(machine, target),
  ...backwardInputKernels(machine, target),
})
