import type { Config, Json } from '../../config.ts'
import { builtInLayer } from '../../layers/built-in.ts'
import type { Layer } from '../../layers/layer.ts'
import type { Problems } from '../problems.ts'
import { isJsonObject } from '../strict-json.ts'
import { Options, showJson } from './options.ts'

/** How a layer of this library is made, from the options of Keras' layer. */
interface Made {
  readonly type: string
  readonly config: Config
}

/** By Keras' class names. */
const byClass: { readonly [className: string]: (options: Options) => Made } = {
  Conv2D(options) {
    kernelOptions(options)
    options.only('data_format', 'channels_last')
    options.only('dilation_rate', [1, 1], 1)
    options.only('groups', 1)
    return {
      type: 'Conv2D',
      config: {
        filters: options.value('filters'),
        kernelSize: options.value('kernel_size'),
        strides: options.value('strides', 1),
        padding: options.value('padding', 'valid'),
        activation: options.value('activation', 'linear'),
        useBias: options.value('use_bias', true),
      },
    }
  },

  MaxPooling2D(options) {
    options.only('data_format', 'channels_last')
    const poolSize = options.value('pool_size', 2)
    const strides = options.value('strides', poolSize)
    return {
      type: 'MaxPooling2D',
      config: { poolSize, strides, padding: options.value('padding', 'valid') },
    }
  },

  Flatten(options) {
    options.only('data_format', 'channels_last')
    return { type: 'Flatten', config: {} }
  },

  Dense(options) {
    kernelOptions(options)
    return {
      type: 'Dense',
      config: {
        units: options.value('units'),
        activation: options.value('activation', 'linear'),
        useBias: options.value('use_bias', true),
      },
    }
  },

  Dropout(options) {
    options.onlyToTrain('noise_shape')
    return {
      type: 'Dropout',
      config: { rate: options.value('rate'), seed: options.value('seed', null) },
    }
  },

  Activation: options => activation(options.value('activation')),

  ReLU(options) {
    options.only('max_value')
    options.only('negative_slope', 0)
    options.only('threshold', 0)
    return activation('relu')
  },

  Softmax(options) {
    options.only('axis', -1, [-1])
    return activation('softmax')
  },

  Rescaling: options => ({
    type: 'Rescaling',
    config: { scale: options.value('scale'), offset: options.value('offset', 0) },
  }),
}

const activation = (name: Json): Made => ({ type: 'Activation', config: { activation: name } })

/** Options of layers with a kernel. Initialisers do not matter: the weights are in the file. */
function kernelOptions(options: Options): void {
  options.skip('kernel_initializer', 'bias_initializer')
  options.only('quantization_config')
  options.only('lora_rank')
  options.skip('lora_alpha')
  for (const key of ['kernel_regularizer', 'bias_regularizer', 'kernel_constraint', 'bias_constraint']) {
    options.onlyToTrain(key)
  }
}

/** A layer as a model's config describes it. */
export interface LayerDescription {
  readonly className: string
  readonly options: Options
}

/**
 * Reads which class a layer has; null, and a problem, where that is not told, or the class is someone's own.
 *
 * @param trains whether what matters while training alone must be as in Keras, too
 */
export function describeLayer(
  json: Json,
  index: number,
  problems: Problems,
  trains: boolean,
): LayerDescription | null {
  if (!isJsonObject(json) || typeof json.class_name !== 'string') {
    problems.add(`layers[${index}] is ${showJson(json)}, expected a layer with a class_name and a config`)
    return null
  }
  const { class_name: className, config, registered_name: registered = null } = json
  const name = isJsonObject(config) && typeof config.name === 'string' ? config.name : `layers[${index}]`
  const options = new Options(`layer ${name}`, config, problems, trains)
  if (registered === null || registered === className) return { className, options }
  options.fail(`its class is ${showJson(registered)}, none of Keras' own`)
  return null
}

/** Makes the layer that computes what Keras' layer does; null, and problems, where there is none. */
export function makeLayer({ className, options }: LayerDescription): Layer | null {
  if (!Object.hasOwn(byClass, className)) {
    options.fail(`its class is ${showJson(className)}, expected one of ${Object.keys(byClass).join(', ')}`)
    return null
  }
  const name = options.value('name')
  options.skip('batch_input_shape', 'batch_shape', 'input_shape')
  const dtype = options.get('dtype') ?? 'float32'
  const precision = isJsonObject(dtype) && isJsonObject(dtype.config) ? dtype.config.name : dtype
  if (precision !== 'float32') options.fail(`dtype is ${showJson(precision)}, expected "float32"`)
  options.onlyToTrain('trainable', true)
  options.onlyToTrain('activity_regularizer')
  const { type, config } = byClass[className](options)
  options.end()
  if (options.failed) return null
  try {
    return builtInLayer(type, config, name as string)
  } catch (error) {
    options.fail((error as Error).message)
    return null
  }
}
