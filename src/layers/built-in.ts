import type { Config } from '../config.ts'
import { zeros } from '../tensor/initializers.ts'
import { Activation } from './activation.ts'
import { Conv2D } from './conv2d.ts'
import { Conv2DReluMaxPool2D } from './conv2d-relu-max-pool2d.ts'
import { Dense } from './dense.ts'
import { Dropout } from './dropout.ts'
import { Flatten } from './flatten.ts'
import type { Layer } from './layer.ts'
import { MaxPool2D } from './max-pool2d.ts'
import { Rescaling } from './rescaling.ts'

/** By the type that each says it is. */
const byType: { readonly [type: string]: new (options: never) => Layer } = {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  MaxPooling2D: MaxPool2D,
  Rescaling,
}

const classes: ReadonlySet<unknown> = new Set([...Object.values(byType), Conv2DReluMaxPool2D])

/** Whether a layer is of one of the library's own classes itself: a user's own, derived from it, may do something else. */
export const isBuiltInLayer = (layer: Layer): boolean => classes.has(layer.constructor)

/** Whether a layer draws its first weights by a function of its maker's, of which its config says no more than that. */
const hasOwnInitializer = ({ config }: Pick<Layer, 'config'>): boolean =>
  config.kernelInitializer === 'custom'

/**
 * Makes a layer again from what describes it. Where it {@link hasOwnInitializer}, it has `zeros` in that function's place.
 *
 * @returns null where the library has no layer of this type
 * @throws OptionError
 */
export function builtInLayer(type: string, config: Config, name: string): Layer | null {
  if (!Object.hasOwn(byType, type)) return null
  const options = hasOwnInitializer({ config }) ? { ...config, kernelInitializer: zeros } : config
  return new byType[type]({ ...options, name } as never)
}
