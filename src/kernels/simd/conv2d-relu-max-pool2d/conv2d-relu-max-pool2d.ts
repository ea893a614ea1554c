import { followsWindows, type Kernels } from '../../kernels.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { followWinnersKernels } from './backward-weights.ts'
import { followWinnersTasks } from './backward-weights-task.ts'
import { fusedForwardKernels } from './forward.ts'
import { fusedForwardTasks } from './forward-task.ts'

type BackwardWeights = Pick<Kernels, 'conv2dReluMaxPool2dBackwardWeights'>

export const conv2dReluMaxPool2dTasks = (target: Target) => ({
  ...fusedForwardTasks(target),
  ...followWinnersTasks(target),
})

/** @param unpooled goes to all pixels, where the winners alone are not gone to */
export function conv2dReluMaxPool2dKernels(
  machine: Machine,
  target: Target,
  unpooled: BackwardWeights,
): Pick<Kernels, 'conv2dReluMaxPool2d'> & BackwardWeights {
  const followWinners = followWinnersKernels(machine)
  return {
    ...fusedForwardKernels(machine, target),
    conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db) {
      const kernels = followsWindows(g) ? followWinners : unpooled
      kernels.conv2dReluMaxPool2dBackwardWeights(g, rows, x, dy, winners, mask, dw, db)
    },
  }
}
