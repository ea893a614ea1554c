import { describe, expect, test } from 'vitest'
import type { Config, Json } from '../../../src/config.ts'
import { ModelFileError } from '../../../src/errors.ts'
import { describeLayer, makeLayer } from '../../../src/io/keras/layers.ts'
import { Problems } from '../../../src/io/problems.ts'

/** The layer of a config, and what is wrong with it. */
function read(json: Json, trains = true) {
  const problems = new Problems('model.keras')
  const description = describeLayer(json, 2, problems, trains)
  const layer = description && makeLayer(description)
  try {
    problems.throwIfAny()
    return { layer, wrong: [] }
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    expect(layer).toBeNull()
    return { layer, wrong: (error as ModelFileError).problems }
  }
}

const layer = (className: string, config: Config, trains = true) =>
  read({ class_name: className, config: { name: 'a', ...config } }, trains)

const conv = { filters: 4, kernel_size: [3, 2], strides: [2, 1], padding: 'same', activation: 'relu' }

describe('makeLayer', () => {
  test.each<[string, Config, string, object]>([
    [
      'Conv2D',
      { ...conv, use_bias: false, data_format: 'channels_last', dilation_rate: [1, 1], groups: 1 },
      'Conv2D',
      {
        filters: 4,
        kernelSize: [3, 2],
        strides: [2, 1],
        padding: 'same',
        activation: 'relu',
        useBias: false,
      },
    ],
    [
      'MaxPooling2D',
      { pool_size: [2, 3], strides: null },
      'MaxPooling2D',
      { poolSize: [2, 3], strides: [2, 3] },
    ],
    [
      'MaxPooling2D',
      { pool_size: 2, strides: 1, padding: 'same' },
      'MaxPooling2D',
      { strides: [1, 1], padding: 'same' },
    ],
    ['Flatten', { data_format: 'channels_last' }, 'Flatten', {}],
    [
      'Dense',
      { units: 3, activation: 'softmax' },
      'Dense',
      { units: 3, activation: 'softmax', useBias: true },
    ],
    ['Dropout', { rate: 0.17, seed: null, noise_shape: null }, 'Dropout', { rate: 0.17, seed: null }],
    ['Dropout', { rate: 0.5, seed: 7 }, 'Dropout', { rate: 0.5, seed: 7 }],
    ['Activation', { activation: 'sigmoid' }, 'Activation', { activation: 'sigmoid' }],
    ['ReLU', { max_value: null, negative_slope: 0, threshold: 0 }, 'Activation', { activation: 'relu' }],
    ['Softmax', { axis: -1 }, 'Activation', { activation: 'softmax' }],
    ['Rescaling', { scale: 0.5, offset: -1 }, 'Rescaling', { scale: 0.5, offset: -1 }],
  ])('makes of %s %o a %s', (className, config, type, expected) => {
    const { layer: made, wrong } = layer(className, config)
    expect(wrong).toEqual([])
    expect(made).toMatchObject({ type, name: 'a' })
    expect(made!.config).toMatchObject(expected)
  })

  test.each<[string, Config, string]>([
    [
      'Conv2D',
      { ...conv, dilation_rate: [2, 2] },
      'dilation_rate is [2,2], which is not supported here, expected [1,1] or 1',
    ],
    ['Conv2D', { ...conv, groups: 2 }, 'groups is 2'],
    ['Conv2D', { ...conv, data_format: 'channels_first' }, 'data_format is "channels_first"'],
    ['Conv2D', { ...conv, padding: 'causal' }, 'padding is "causal"'],
    ['Conv2D', { ...conv, filters: 2.5 }, 'filters is 2.5'],
    ['Conv2D', { kernel_size: 3 }, 'filters is missing'],
    ['Conv2D', { ...conv, activation: 'elu' }, 'activation is "elu"'],
    [
      'Conv2D',
      { ...conv, activation: { class_name: 'function', config: 'mine' } },
      'activation is an object',
    ],
    ['Dense', { units: 3, quantization_config: { mode: 'int8' } }, 'quantization_config is {"mode":"int8"}'],
    ['Dense', { units: 3, lora_rank: 4 }, 'lora_rank is 4'],
    ['Dense', { units: 3, wings: 2 }, 'wings is 2, and is not known here'],
    ['Dense', { units: 3, dtype: 'float64' }, 'dtype is "float64", expected "float32"'],
    ['Dense', { units: 3, dtype: { config: { name: 'mixed_float16' } } }, 'dtype is "mixed_float16"'],
    [
      'Dense',
      JSON.parse('{ "units": 3, "__proto__": { "use_bias": false } }'),
      '__proto__ is {"use_bias":false}',
    ],
    ['ReLU', { max_value: 6 }, 'max_value is 6, which is not supported here, expected null'],
    ['ReLU', { negative_slope: 0.1 }, 'negative_slope is 0.1'],
    ['Softmax', { axis: 1 }, 'axis is 1'],
    ['Rescaling', { scale: [1, 2] }, 'scale is [1, 2]'],
    ['Dropout', { rate: 1 }, 'rate is 1'],
    ['LSTM', { units: 3 }, 'its class is "LSTM", expected one of Conv2D, MaxPooling2D'],
    ['constructor', {}, 'its class is "constructor"'],
    ['InputLayer', {}, 'its class is "InputLayer"'],
  ])('refuses %s %o', (className, config, message) => {
    const { wrong } = layer(className, config)
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toMatch(/^layer a: /)
    expect(wrong[0]).toContain(message)
  })

  test.each<[string, Config]>([
    ['Dense', { kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } } }],
    ['Dense', { bias_regularizer: { class_name: 'L1', config: {} } }],
    ['Dense', { kernel_constraint: { class_name: 'MaxNorm', config: {} } }],
    ['Dense', { bias_constraint: { class_name: 'NonNeg', config: {} } }],
    ['Dense', { activity_regularizer: { class_name: 'L2', config: {} } }],
    ['Dense', { trainable: false }],
    ['Dropout', { rate: 0.5, noise_shape: [null, 1] }],
  ])('refuses %s %o only where the model is to be trained as it was', (className, config) => {
    const whole = { units: 3, ...config }
    const options: Config = className === 'Dropout' ? config : whole
    const { wrong } = layer(className, options)
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toMatch(
      /^layer a: \w+ is .*, which is not supported here, expected \w+; compile: false loads/,
    )
    expect(layer(className, options, false).layer).toMatchObject({ type: className, name: 'a' })
  })

  test('lists all that is wrong with a layer', () => {
    const { wrong } = layer('Conv2D', {
      groups: 2,
      dilation_rate: 3,
      dtype: 'float16',
      filters: null,
      kernel_size: 1,
    })
    expect(wrong.map(problem => problem.replace(/ is .*/, ''))).toEqual([
      'layer a: dtype',
      'layer a: dilation_rate',
      'layer a: groups',
      'layer a: filters',
    ])
  })

  test('takes registered names of classes for what they are', () => {
    const dense = { class_name: 'Dense', config: { name: 'a', units: 3 } }
    expect(read({ ...dense, registered_name: 'Dense' }).layer).toMatchObject({ type: 'Dense' })
    expect(read({ ...dense, registered_name: 'mine>Dense' }).wrong).toEqual([
      'layer a: its class is "mine>Dense", none of Keras\' own',
    ])
  })

  test.each([
    [null, 'layers[2] is null, expected a layer with a class_name and a config'],
    [['Dense'], 'layers[2] is ["Dense"], expected a layer'],
    [{ class_name: 3, config: {} }, 'layers[2] is {"class_name":3,"config":{}}, expected a layer'],
    [{ class_name: 'Dense' }, 'layer layers[2]: its config is missing, expected an object'],
    [{ class_name: 'Dense', config: { units: 3 } }, 'layer layers[2]: name is missing'],
  ])('refuses %o', (json, message) => {
    expect(read(json).wrong[0]).toContain(message)
  })
})
