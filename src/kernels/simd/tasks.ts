import type { Task } from './assembly/assembly.ts'
import { conv2dTasks } from './conv2d/conv2d.ts'
import { conv2dReluMaxPool2dTasks } from './conv2d-relu-max-pool2d/conv2d-relu-max-pool2d.ts'
import { denseTasks } from './dense/dense-task.ts'
import { elementwiseTasks } from './elementwise.ts'
import { panelTasks } from './gemm/panels.ts'
import { maxPool2dTasks } from './max-pool2d/max-pool2d.ts'
import type { Target } from './numerics.ts'
import { optimizerTasks } from './optimizers.ts'
import { softmaxTasks } from './softmax.ts'

/** The tasks of all kernels, by name. */
export const tasksFor = (target: Target): { readonly [name: string]: Task } => ({
  ...panelTasks(target),
  ...denseTasks(target),
  ...conv2dTasks(target),
  ...conv2dReluMaxPool2dTasks(target),
  ...maxPool2dTasks,
  ...elementwiseTasks,
  ...softmaxTasks,
  ...optimizerTasks,
})
