import type { Config, Json } from '../../config.ts'
import type { Loss } from '../../losses/loss.ts'
import { builtInLoss } from '../../losses/losses.ts'
import { accuracy } from '../../metrics/accuracy.ts'
import type { Metric } from '../../metrics/metric.ts'
import type { Compiled } from '../../model/options.ts'
import type { Optimizer } from '../../optim/optimizer.ts'
import { builtInOptimizer } from '../../optim/optimizers.ts'
import { sameLetters } from '../../options.ts'
import type { Problems } from '../problems.ts'
import { isJsonObject } from '../strict-json.ts'
import { Options, showJson, WITHOUT } from './options.ts'

const losses = [
  'sparseCategoricalCrossentropy',
  'categoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
]

/** What is meant by accuracy, by what Keras makes of it where one of its losses is compiled with it. */
const accuracies: { readonly [name: string]: readonly string[] } = {
  accuracy: losses,
  acc: losses,
  sparse_categorical_accuracy: ['sparseCategoricalCrossentropy'],
  categorical_accuracy: ['categoricalCrossentropy'],
  binary_accuracy: ['binaryCrossentropy'],
}

/**
 * Makes of a compile config what `compile` takes; null, and problems, where the library lacks a part of it.
 *
 * @param outputs the size of the model's output
 */
export function readCompileConfig(json: Json, outputs: number, problems: Problems): Compiled | null {
  const options = new Options('the compile config', json, problems, true)
  const loss = readLoss(options.get('loss') ?? null, problems)
  const optimizer = readOptimizer(options, problems)
  const metrics = readMetrics(options, loss, outputs)
  options.onlyToTrain('loss_weights')
  options.onlyToTrain('weighted_metrics', [])
  options.onlyToTrain('sample_weight_mode')
  options.onlyToTrain('auto_scale_loss', true)
  options.skip('run_eagerly', 'steps_per_execution', 'jit_compile')
  options.end()
  return loss && optimizer && !options.failed ? { loss, optimizer, metrics } : null
}

function readLoss(json: Json, problems: Problems): Loss | null {
  const { className, config } = part(json)
  const options = new Options('the loss', config, problems, true)
  const name = className === 'mse' ? 'meanSquaredError' : sameLetters(className ?? '', losses)
  if (!name) {
    options.fail(`is ${showJson(className ?? json)}, expected one of ${losses.join(', ')}; ${WITHOUT}`)
    return null
  }
  options.skip('name', 'fn', 'dtype')
  options.onlyToTrain('reduction', 'sum_over_batch_size', 'auto', 'mean')
  options.onlyToTrain('axis', -1)
  options.onlyToTrain('label_smoothing', 0)
  options.onlyToTrain('ignore_class')
  const fromLogits = options.get('from_logits') ?? false
  options.end()
  const settings: Config = name === 'meanSquaredError' ? {} : { fromLogits }
  return make(options, () => builtInLoss(name, settings))
}

function readOptimizer(compile: Options, problems: Problems): Optimizer | null {
  const json = compile.get('optimizer') ?? compile.get('optimizer_config')
  const { className, config } = part(json ?? null)
  const options = new Options('the optimiser', config, problems, true)
  // Keras 2.11 to 2.15 register their optimisers as if they were someone's own.
  const name = className?.replace(/^Custom>/, '').toLowerCase()
  const settings = name === 'adam' ? adam(options) : name === 'sgd' ? sgd(options) : null
  if (!name || !settings) {
    options.fail(
      `is ${json === undefined ? 'missing' : showJson(className ?? json)}, expected Adam or SGD; ${WITHOUT}`,
    )
    return null
  }
  for (const key of ['weight_decay', 'clipnorm', 'global_clipnorm', 'clipvalue', 'loss_scale_factor']) {
    options.onlyToTrain(key)
  }
  options.onlyToTrain('decay', 0)
  options.onlyToTrain('use_ema', false)
  options.onlyToTrain('gradient_accumulation_steps')
  options.skip('name', 'ema_momentum', 'ema_overwrite_frequency', 'jit_compile', 'is_legacy_optimizer')
  options.end()
  return make(options, () => builtInOptimizer(name, settings))
}

function adam(options: Options): Config {
  options.onlyToTrain('amsgrad', false)
  return {
    ...learningRate(options),
    ...renamed(options, 'beta1', 'beta_1'),
    ...renamed(options, 'beta2', 'beta_2'),
    ...renamed(options, 'epsilon', 'epsilon'),
  }
}

const sgd = (options: Options): Config => ({
  ...learningRate(options),
  ...renamed(options, 'momentum', 'momentum'),
  ...renamed(options, 'nesterov', 'nesterov'),
})

/** It was called `lr` up to Keras 2.2. */
function learningRate(options: Options): Config {
  const rate = renamed(options, 'learningRate', 'learning_rate')
  if (isJsonObject(rate.learningRate)) {
    options.fail(`learning_rate is ${showJson(rate.learningRate)}, expected a number; ${WITHOUT}`)
  }
  return { ...renamed(options, 'learningRate', 'lr'), ...rate }
}

/** An option under the library's name; nothing where Keras has none, so that the default counts, which is the same. */
function renamed(options: Options, name: string, key: string): Config {
  const value = options.get(key)
  return value === undefined ? {} : { [name]: typeof value === 'number' ? decimal(value) : value }
}

function readMetrics(compile: Options, loss: Loss | null, outputs: number): Metric[] {
  const json = compile.get('metrics') ?? []
  const list = Array.isArray(json) ? json.flat() : [json]
  return list.flatMap(metric => {
    const fn = meantMetric(metric)
    const name = sameLetters(fn ?? '', Object.keys(accuracies)) ?? ''
    const isMeant = accuracies[name]?.includes(loss?.name ?? losses[0])
    if (isMeant && (name !== 'binary_accuracy' || outputs === 1)) return accuracy()
    compile.fail(
      `the metric ${showJson(fn ?? metric)} is none of the library's, expected "accuracy"; ${WITHOUT}`,
    )
    return []
  })
}

/**
 * The name of a metric or of its function. Of one that was given as "accuracy", Keras 2.4 to 2.15 also writes the function, but
 * guesses it from the output alone until it has seen labels: the metric's own name tells what was meant.
 */
function meantMetric(metric: Json): string | null {
  const { className, config } = part(metric)
  if (!isJsonObject(config) || typeof config.fn !== 'string') return className
  const isAccuracy =
    className === 'MeanMetricWrapper' && (config.name === 'accuracy' || config.name === 'acc')
  return isAccuracy ? 'accuracy' : config.fn
}

/** A loss, an optimiser or a metric: its name, or an object with its class and config. */
function part(json: Json): { className: string | null; config: Json } {
  if (typeof json === 'string') return { className: json, config: {} }
  if (!isJsonObject(json) || typeof json.class_name !== 'string') return { className: null, config: {} }
  return { className: json.class_name, config: json.config ?? {} }
}

function make<T>(options: Options, maker: () => T): T | null {
  if (options.failed) return null
  try {
    return maker()
  } catch (error) {
    options.fail((error as Error).message)
    return null
  }
}

/** The shortest decimal of a float32 that Keras has written with all its digits: 0.001 for 0.0010000000474974513. */
function decimal(value: number): number {
  if (Math.fround(value) !== value) return value
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
