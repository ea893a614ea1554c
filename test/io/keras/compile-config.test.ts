import { describe, expect, test } from 'vitest'
import type { Config, Json } from '../../../src/config.ts'
import type { ModelFileError } from '../../../src/errors.ts'
import { readCompileConfig } from '../../../src/io/keras/compile-config.ts'
import { Problems } from '../../../src/io/problems.ts'

function read(config: Json, outputs = 10) {
  const problems = new Problems('model.keras')
  const compiled = readCompileConfig(config, outputs, problems)
  try {
    problems.throwIfAny()
    return { compiled, wrong: [] }
  } catch (error) {
    expect(compiled).toBeNull()
    return { compiled, wrong: (error as ModelFileError).problems }
  }
}

const usual = { loss: 'sparse_categorical_crossentropy', optimizer: 'adam', metrics: ['accuracy'] }
const keras = (name: string, config: Config) => ({ class_name: name, config })

describe('readCompileConfig', () => {
  test.each<[Json, string, Config]>([
    ['sparse_categorical_crossentropy', 'sparseCategoricalCrossentropy', { fromLogits: false }],
    ['categorical_crossentropy', 'categoricalCrossentropy', { fromLogits: false }],
    ['binary_crossentropy', 'binaryCrossentropy', { fromLogits: false }],
    ['mse', 'meanSquaredError', {}],
    ['mean_squared_error', 'meanSquaredError', {}],
    [keras('MeanSquaredError', { name: 'mse', reduction: 'sum_over_batch_size' }), 'meanSquaredError', {}],
    [
      keras('SparseCategoricalCrossentropy', { reduction: 'auto', from_logits: true, ignore_class: null }),
      'sparseCategoricalCrossentropy',
      { fromLogits: true },
    ],
    [
      keras('BinaryCrossentropy', { from_logits: false, label_smoothing: 0, axis: -1 }),
      'binaryCrossentropy',
      { fromLogits: false },
    ],
  ])('finds the loss %o', (loss, name, config) => {
    const { compiled, wrong } = read({ ...usual, loss, metrics: [] })
    expect(wrong).toEqual([])
    expect(compiled!.loss).toMatchObject({ name, config })
  })

  test.each<[Json, string, Config]>([
    ['adam', 'adam', { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }],
    ['sgd', 'sgd', { learningRate: 0.01, momentum: 0, nesterov: false }],
    [
      keras('SGD', { name: 'sgd', learning_rate: 0.10000000149011612, momentum: 0.9, nesterov: true }),
      'sgd',
      { learningRate: 0.1, momentum: 0.9, nesterov: true },
    ],
    [
      keras('Adam', { lr: 0.0020000000949949026, beta_1: 0.8999999761581421, decay: 0, amsgrad: false }),
      'adam',
      { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    ],
    [
      keras('Custom>Adam', { learning_rate: 1 / 3, is_legacy_optimizer: false, jit_compile: false }),
      'adam',
      { learningRate: 1 / 3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    ],
    [
      keras('Adam', { learning_rate: Math.fround(1 / 3), epsilon: 1e-8 }),
      'adam',
      { learningRate: 0.33333334, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    ],
  ])('finds the optimiser %o', (optimizer, name, config) => {
    const { compiled, wrong } = read({ ...usual, optimizer })
    expect(wrong).toEqual([])
    expect(compiled!.optimizer).toMatchObject({ name, config })
    const { optimizer: _, ...others } = usual
    expect(read({ ...others, optimizer_config: optimizer }).compiled!.optimizer.config).toEqual(config)
  })

  test.each<[string, Json, number, number]>([
    ['mse', null, 3, 0],
    ['mse', ['acc'], 3, 1],
    ['categorical_crossentropy', ['categorical_accuracy'], 3, 1],
    [
      'sparse_categorical_crossentropy',
      [keras('SparseCategoricalAccuracy', { name: 'a', dtype: 'float32' })],
      3,
      1,
    ],
    [
      'sparse_categorical_crossentropy',
      [[keras('MeanMetricWrapper', { name: 'accuracy', fn: 'sparse_categorical_accuracy' })]],
      3,
      1,
    ],
    ['binary_crossentropy', [keras('MeanMetricWrapper', { fn: 'binary_accuracy' })], 1, 1],
    // Saved by Keras 2.15 before it was trained.
    [
      'sparse_categorical_crossentropy',
      [[keras('MeanMetricWrapper', { name: 'acc', fn: 'categorical_accuracy' })]],
      3,
      1,
    ],
  ])('finds the metrics of %s %o', (loss, metrics, outputs, count) => {
    const { compiled, wrong } = read({ ...usual, loss, metrics }, outputs)
    expect(wrong).toEqual([])
    expect(compiled!.metrics.map(({ name }) => name)).toEqual(Array(count).fill('accuracy'))
  })

  test.each<[Config, string]>([
    [{ loss: 'huber' }, 'the loss: is "huber", expected one of sparseCategoricalCrossentropy'],
    [{ loss: ['mse'] }, 'the loss: is ["mse"]'],
    [{ loss: null }, 'the loss: is null, expected one of'],
    [{ loss: keras('SparseCategoricalCrossentropy', { ignore_class: 0 }) }, 'the loss: ignore_class is 0'],
    [{ loss: keras('SparseCategoricalCrossentropy', { reduction: 'sum' }) }, 'the loss: reduction is "sum"'],
    [{ loss: keras('SparseCategoricalCrossentropy', { from_logits: 'yes' }) }, 'fromLogits is "yes"'],
    [
      { loss: keras('CategoricalCrossentropy', { label_smoothing: 0.1 }), metrics: [] },
      'label_smoothing is 0.1',
    ],
    [{ optimizer: 'rmsprop' }, 'the optimiser: is "rmsprop", expected Adam or SGD'],
    [{ optimizer: null }, 'the optimiser: is missing, expected Adam or SGD'],
    [{ optimizer: keras('Adam', { amsgrad: true }) }, 'the optimiser: amsgrad is true'],
    [{ optimizer: keras('Adam', { weight_decay: 0.01 }) }, 'the optimiser: weight_decay is 0.01'],
    [{ optimizer: keras('Adam', { clipnorm: 1 }) }, 'the optimiser: clipnorm is 1'],
    [{ optimizer: keras('Adam', { decay: 0.1 }) }, 'the optimiser: decay is 0.1'],
    [{ optimizer: keras('SGD', { use_ema: true }) }, 'the optimiser: use_ema is true'],
    [{ optimizer: keras('Adam', { learning_rate: -1 }) }, 'learningRate is -1'],
    [
      { optimizer: keras('Adam', { learning_rate: keras('CosineDecay', {}) }) },
      'learning_rate is {"class_name":"CosineDecay","config":{}}, expected a number',
    ],
    [{ metrics: ['mae'] }, 'the metric "mae" is none of the library\'s, expected "accuracy"'],
    [{ metrics: ['binary_accuracy'], loss: 'binary_crossentropy' }, 'the metric "binary_accuracy"'],
    [{ metrics: ['categorical_accuracy'] }, 'the metric "categorical_accuracy"'],
    [
      { metrics: [keras('MeanMetricWrapper', { name: 'mean', fn: 'categorical_accuracy' })] },
      'the metric "categorical_accuracy"',
    ],
    [{ metrics: [null] }, 'the metric null'],
    [{ loss_weights: [0.5] }, 'loss_weights is [0.5]'],
    [{ weighted_metrics: ['accuracy'] }, 'weighted_metrics is ["accuracy"]'],
    [{ secret: 1 }, 'the compile config: secret is 1, and is not known here'],
  ])('refuses %o', (change, message) => {
    const { wrong } = read({ ...usual, ...change })
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toContain(message)
  })

  test('says how to do without what the library lacks', () => {
    const { wrong } = read({ ...usual, loss: 'huber', optimizer: 'rmsprop', metrics: ['mae'] })
    expect(wrong).toHaveLength(3)
    for (const problem of wrong) expect(problem).toContain('; compile: false loads the model without it')
  })

  test('refuses what is no config', () => {
    expect(read('adam').wrong[0]).toBe('the compile config: its config is "adam", expected an object')
  })
})
