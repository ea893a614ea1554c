import { Activation } from './activation.ts'
import { Conv2D } from './conv2d.ts'
import { Conv2DReluMaxPool2D } from './conv2d-relu-max-pool2d.ts'
import { Dense } from './dense.ts'
import { Dropout } from './dropout.ts'
import { Flatten } from './flatten.ts'
import type { Layer } from './layer.ts'
import { MaxPool2D } from './max-pool2d.ts'
import { Rescaling } from './rescaling.ts'

const classes: ReadonlySet<unknown> = new Set([
  Activation,
  Conv2D,
  Conv2DReluMaxPool2D,
  Dense,
  Dropout,
  Flatten,
  MaxPool2D,
  Rescaling,
])

/** Whether a layer is of one of the library's own classes itself: a user's own, derived from it, may do something else. */
export const isBuiltInLayer = (layer: Layer): boolean => classes.has(layer.constructor)
