import {
  Adam,
  type Callback,
  Conv2D,
  Dense,
  Dropout,
  EarlyStopping,
  type FitOptions,
  Flatten,
  History,
  type Layer,
  MaxPool2D,
  ModelCheckpoint,
  type Plain,
  ReduceLROnPlateau,
  ResumeError,
  Sequential,
  SGD,
  setBackend,
  type TrainingState,
} from 'convnet-ts'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hasRelaxedSimd } from '../../../src/kernels/simd/runtime/features.ts'
import { Diary, Interruption } from '../../support/interruptions.ts'
import { toyData } from '../../support/toy.ts'

const { x, y } = toyData(40)
/** Four steps an epoch. */
const options = { verbose: 0, epochs: 3, batchSize: 10, validationSplit: 0.2, seed: 5 } as const

interface Changes {
  readonly dropout?: object
  readonly conv2d?: object
  readonly dense?: object
  readonly compiled?: object
  readonly first?: Layer
}

function modelOf({ dropout, conv2d, dense, compiled, first }: Changes = {}, seed = 3): Sequential {
  const layers = [
    first ?? new Conv2D({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu', ...conv2d }),
    new MaxPool2D(),
    new Dropout({ rate: 0.3, ...dropout }),
    new Flatten(),
    new Dense({ units: 3, activation: 'softmax', ...dense }),
  ]
  const model = new Sequential(layers, { inputShape: [8, 8, 1], seed })
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'], ...compiled })
  return model
}

const company = () => [
  new Diary(),
  new EarlyStopping({ patience: 5, restoreBestWeights: true }),
  new ReduceLROnPlateau({ patience: 5 }),
  new ModelCheckpoint({ saveFreq: 3 }),
  new History(),
]

/** In the second epoch, after two of its four steps. */
let good: TrainingState

beforeAll(async () => {
  const interruption = new Interruption(17)
  await modelOf()
    .fit(x, y, { ...options, callbacks: [...company(), interruption] })
    .catch(() => {})
  good = interruption.state!
  expect(good.fit).toMatchObject({ epoch: 1, batch: 2, turn: 'onBatchEnd' })
})

/** A model with callbacks that have something to lose. */
async function used(changes: Changes = {}): Promise<{ model: Sequential; callbacks: Callback[] }> {
  const model = modelOf(changes, 9)
  const callbacks = company()
  await model.fit(x, y, { ...options, epochs: 2, callbacks })
  model.compiled!.optimizer.learningRate = 0.125
  model.stopTraining = true
  return { model, callbacks }
}

/** All that must not change; times alone go on. */
function everything(model: Sequential, callbacks: readonly Callback[]) {
  const states = callbacks.map(callback => callback.getState?.() ?? null)
  const without = states.map(state => {
    if (typeof state !== 'object' || state === null || !('passed' in state)) return state
    const { passed: _, ...others } = state
    return others
  })
  return structuredClone({
    state: model.getTrainingState(),
    callbacks: without,
    learningRate: model.compiled!.optimizer.learningRate,
    stopTraining: model.stopTraining,
  })
}

/** The differences that a resumption is refused with; model and callbacks must be as they were, and told of nothing. */
async function refused(
  resumeFrom: TrainingState,
  given: FitOptions = {},
  changes: Changes = {},
): Promise<readonly string[]> {
  const { model, callbacks } = await used(changes)
  const told: string[] = []
  const witness: Callback = {
    onTrainBegin: () => void told.push('onTrainBegin'),
    onTrainFail: () => void told.push('onTrainFail'),
  }
  const before = everything(model, callbacks)
  const error: unknown = await model
    .fit(x, y, { ...options, callbacks: [witness, ...callbacks], ...given, resumeFrom })
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ResumeError)
  expect(everything(model, callbacks)).toEqual(before)
  expect(told).toEqual([])
  return (error as ResumeError).differences
}

/** A copy of the good state with another value at a path; undefined takes it out. */
function spoilt(path: string, value: unknown): TrainingState {
  const copy = structuredClone(good)
  const keys = path.split('.')
  const last = keys.pop()!
  let at = copy as unknown as { [key: string]: unknown }
  for (const key of keys) at = at[key] as typeof at
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

/** A copy of an array of the good state with another number in it. */
function withNumber(path: string, index: number, value: number): TrainingState {
  const keys = path.split('.')
  let at = good as unknown as { [key: string]: unknown }
  for (const key of keys) at = at[key] as typeof at
  const array = (at as unknown as Float32Array).slice()
  array[index] = value
  return spoilt(path, array)
}

test('the state is good', async () => {
  const whole = await modelOf().fit(x, y, { ...options, callbacks: company() })
  const { model, callbacks } = await used()
  const { history } = await model.fit(x, y, { ...options, callbacks, resumeFrom: good })
  expect(history).toEqual(whole.history)
})

describe('refuses another architecture, though its weights fit:', () => {
  class Own extends Conv2D {}
  test.each<[string, Changes, string]>([
    [
      'an activation',
      { conv2d: { activation: 'sigmoid' } },
      'layer conv2d: activation was "relu", and is "sigmoid" now',
    ],
    ['a rate', { dropout: { rate: 0.5 } }, 'layer dropout: rate was 0.3, and is 0.5 now'],
    ['a seed', { dropout: { seed: 1 } }, 'layer dropout: seed was null, and is 1 now'],
    [
      'a class of one’s own',
      { first: new Own({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }) },
      'layer conv2d was "Conv2D", and is "Conv2D (not the library\'s own)" now',
    ],
    [
      'an optimiser’s option',
      { compiled: { optimizer: new Adam({ beta1: 0.8 }) } },
      'optimizer: beta1 was 0.9, and is 0.8 now',
    ],
  ])('%s', async (_, changes, difference) => {
    expect((await refused(good, {}, changes))[0]).toBe(difference)
  })

  test('strides and padding', async () => {
    const model = new Sequential([new Conv2D({ filters: 2, kernelSize: 3, padding: 'same', strides: 3 })])
    const other = new Sequential([new Conv2D({ filters: 2, kernelSize: 3, padding: 'valid', strides: 2 })])
    for (const each of [model, other]) each.build([7, 7, 1])
    expect(() => other.setTrainingState(model.getTrainingState())).toThrow(
      '- layer conv2d: strides was [3,3], and is [2,2] now\n- layer conv2d: padding was "same", and is "valid" now',
    )
  })

  test('layers that have no weights, and their order', async () => {
    const layers = () => [new Dropout({ rate: 0.1 }), new Flatten(), new Dense({ units: 2 })]
    const stateOf = (layers: Layer[]) => new Sequential(layers, { inputShape: [8] }).getTrainingState()
    const model = new Sequential(layers(), { inputShape: [8] })
    expect(() => model.setTrainingState(stateOf(layers().slice(1)))).toThrow(
      'layers: dropout was not there, and is now',
    )
    const [dropout, flatten, dense] = layers()
    expect(() => model.setTrainingState(stateOf([flatten, dropout, dense]))).toThrow(
      'the order of layers was ["flatten","dropout","dense"], and is ["dropout","flatten","dense"] now',
    )
    expect(() => model.setTrainingState(stateOf(layers()))).not.toThrow()
  })

  test('options of a loss', async () => {
    const changes = { compiled: { loss: 'meanSquaredError', metrics: [] } }
    const { model } = { model: modelOf(changes) }
    const oneHot = Float32Array.from({ length: 120 }, (_, i) => Number(i % 3 === 0))
    const error = await model.fit(x, oneHot, { ...options, resumeFrom: good }).catch(thrown => thrown)
    expect(error.differences).toContain(
      'loss was "sparseCategoricalCrossentropy", and is "meanSquaredError" now',
    )
    const logits = spoilt('fit.settings.loss.config', { fromLogits: true })
    expect(await refused(logits)).toEqual(['loss: fromLogits was true, and is false now'])
  })
})

describe('refuses a backend whose bits are others, and says how to choose the one of then:', () => {
  test.skipIf(!hasRelaxedSimd())('numerics (skipped where there are no fast ones)', async () => {
    onTestFinished(() => setBackend({}))
    setBackend({ kernels: 'simd', relaxedSimd: true, numerics: 'fast' })
    const resumeFrom = spoilt('fit.settings.numerics', 'strict')
    expect(await refused(resumeFrom)).toEqual([
      'numerics was "strict", and is "fast" now: setBackend({ numerics: "strict" }), before the model is built, chooses it',
    ])
  })

  test('fusion', async () => {
    onTestFinished(() => setBackend({}))
    setBackend({ fusion: false })
    expect(await refused(spoilt('fit.settings.fusion', true))).toEqual([
      'fusion was true, and is false now: setBackend({ fusion: true }), before the model is built, chooses it',
    ])
  })

  test('a state that does not tell is taken', async () => {
    onTestFinished(() => setBackend({}))
    setBackend({ fusion: false })
    const { model, callbacks } = await used()
    await model.fit(x, y, { ...options, callbacks, resumeFrom: spoilt('fit.settings.fusion', undefined) })
  })
})

describe('refuses what cannot be, before anything changes:', () => {
  const kernel = 'weights.dense/kernel'
  const remedy = 'expected finite numbers: allowNonFinite: true takes them as they are'
  test.each<[string, () => TrainingState, string]>([
    [
      'a weight that is NaN',
      () => withNumber(kernel, 7, Number.NaN),
      `weights: dense/kernel has NaN at element 7, ${remedy}`,
    ],
    ['no weight', () => spoilt(kernel, undefined), 'weights: dense/kernel was not there, and is now'],
    [
      'a weight too much',
      () => spoilt('weights.dense/scale', new Float32Array(1)),
      'weights: dense/scale was there, and is not now',
    ],
    [
      'a weight that is too long',
      () => spoilt(kernel, new Float32Array(9)),
      'weights: dense/kernel had 9 numbers, and has 144 now',
    ],
    [
      'no array',
      () => spoilt(kernel, [1, 2]),
      'state.weights.dense/kernel is [1, 2], expected an array of float32',
    ],
    [
      'm that is infinite',
      () => withNumber('optimizer.slots.m.dense/bias', 1, Number.POSITIVE_INFINITY),
      `optimizer: m: dense/bias has Infinity at element 1, ${remedy}`,
    ],
    [
      'v below 0',
      () => withNumber('optimizer.slots.v.conv2d/kernel', 4, -1),
      'optimizer: v: conv2d/kernel has -1 at element 4, expected at least 0',
    ],
    ['no v', () => spoilt('optimizer.slots.v', undefined), 'optimizer: v was not there, and is now'],
    ['another slot', () => spoilt('optimizer.slots.w', {}), 'optimizer: w was there, and is not now'],
    [
      'a power of other steps',
      () => spoilt('optimizer.scalars.beta1Power', 0.9 ** 5),
      'optimizer: beta1Power is 0.5904900000000001 after 6 steps, expected 0.531441',
    ],
    [
      'a power that is NaN',
      () => spoilt('optimizer.scalars.beta2Power', Number.NaN),
      'optimizer: beta2Power is NaN after 6 steps, expected',
    ],
    [
      'no power',
      () => spoilt('optimizer.scalars.beta2Power', undefined),
      'optimizer: beta2Power was not there, and is now',
    ],
    [
      'steps below 0',
      () => spoilt('optimizer.steps', -6),
      'state.optimizer.steps is -6, expected a whole number of at least 0',
    ],
    [
      'half a step',
      () => spoilt('optimizer.steps', 6.5),
      'state.optimizer.steps is 6.5, expected a whole number of at least 0',
    ],
    [
      'other steps',
      () => spoilt('optimizer.steps', 7),
      'optimizer: beta1Power is 0.5314410000000002 after 7 steps',
    ],
    [
      'fewer steps than the epochs had',
      () => spoilt('optimizer.steps', 5),
      'optimizer: 5 steps were taken, expected at least the 6 of this fit',
    ],
    [
      'a learning rate below 0',
      () => spoilt('optimizer.learningRate', -1),
      'optimizer: Adam: learningRate is -1, expected a finite number of at least 0',
    ],
    [
      'no optimiser',
      () => spoilt('optimizer', null),
      'optimizer: 0 steps were taken, expected at least the 6 of this fit',
    ],
    ['no fit', () => spoilt('fit', null), 'no fit had begun'],
    [
      'no batches',
      () => spoilt('fit.settings.batchSize', 0),
      'state.fit.settings.batchSize is 0, expected a whole number of at least 1',
    ],
    [
      'another turn',
      () => spoilt('fit.turn', 'onTrainEnd'),
      'state.fit.turn is "onTrainEnd", expected one of',
    ],
    [
      'a turn that comes later',
      () => spoilt('fit.turn', 'onTestBegin'),
      'batch was 2 at onTestBegin, expected 4',
    ],
    [
      'a turn that came before',
      () => spoilt('fit.turn', 'onEpochBegin'),
      'batch was 2 at onEpochBegin, expected 0',
    ],
    ['a batch that there is not', () => spoilt('fit.batch', 5), 'batch was 5 at onBatchEnd, expected 1 to 4'],
    ['an epoch before the first', () => spoilt('fit.epoch', -1), 'epoch was -1 with batch 2 at onBatchEnd'],
    [
      'half an epoch',
      () => spoilt('fit.epoch', 0.5),
      'state.fit.epoch is 0.5, expected a whole number of at least -1',
    ],
    [
      'sums that are missing',
      () => spoilt('fit.sums', new Float64Array(1)),
      'sums had 1 numbers, expected 2',
    ],
    ['more callbacks told than there are', () => spoilt('fit.told', 9), 'told was 9, expected up to 7'],
    ['no History', () => spoilt('fit.callbacks', []), 'callbacks: the last was none that keeps the History'],
    [
      'a callback’s count',
      () => spoilt('fit.callbacks.1.state.wait', -1),
      'callbacks: EarlyStopping.wait is -1, expected a whole number of at least 0',
    ],
    [
      'a callback’s weights',
      () => spoilt('fit.callbacks.1.state.bestWeights', [new Float32Array(5)]),
      'callbacks: EarlyStopping.bestWeights is [a Float32Array of 20 bytes], expected',
    ],
    [
      'a callback’s whole state',
      () => spoilt('fit.callbacks.2.state', 'lost'),
      'callbacks: ReduceLROnPlateau is "lost", expected an object',
    ],
    [
      'a callback’s shapes',
      () => spoilt('fit.callbacks.3.state.saved.shapes', [[2]]),
      'callbacks: ModelCheckpoint: tensor: the shape (2,) has 2 elements',
    ],
    [
      'the History',
      () => spoilt('fit.callbacks.6.state.seconds', null),
      'callbacks: History.seconds is null, expected an array of numbers',
    ],
  ])('%s', async (_, state, difference) => {
    expect((await refused(state())).join('\n')).toContain(difference)
  })

  test('all of it at once, and not more lines than one reads', async () => {
    const copy = structuredClone(good)
    const { weights, optimizer, fit, architecture } = copy
    const damaged = {
      architecture: { ...architecture, layers: architecture.layers.slice(1) },
      weights: { ...weights, 'conv2d/bias': Float32Array.of(0, Number.NaN, Number.NaN) },
      optimizer: { ...optimizer!, learningRate: Number.NaN, slots: { ...optimizer!.slots, v: {} } },
      fit: { ...fit!, batch: 3, callbacks: fit!.callbacks.with(1, { type: 'EarlyStopping', state: 5 }) },
    }
    const found = await refused(damaged, { seed: 4, validationSplit: 0.1 })
    for (const line of [
      'seed was 5, and is 4 now',
      'the data had 32 rows, and has 36 now',
      'callbacks: EarlyStopping is 5, expected an object',
      'layers: conv2d was not there, and is now',
      'optimizer: Adam: learningRate is NaN',
      'optimizer: 6 steps were taken, expected at least the 7 of this fit',
      'optimizer: v: dense/bias was not there, and is now',
      'weights: conv2d/bias has NaN at element 1, the first of 2 such numbers',
    ])
      expect(found.join('\n')).toContain(line)
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`w${i}`, new Float32Array(1)]))
    const capped = await refused({ ...good, weights: { ...good.weights, ...many } })
    expect(capped).toHaveLength(101)
    expect(capped[100]).toBe('and 50 more of the kind')
  })
})

describe('numbers that are not finite', () => {
  test('are taken where they are allowed', async () => {
    const state = withNumber('optimizer.slots.m.dense/kernel', 0, Number.NaN)
    const { model, callbacks } = await used()
    const message = 'optimizer: m: dense/kernel has NaN at element 0'
    expect(() => model.setTrainingState(state)).toThrow(message)
    model.setTrainingState(state, { allowNonFinite: true })
    expect(model.getTrainingState().optimizer!.slots.m['dense/kernel'][0]).toBeNaN()
    const resumed = model.fit(x, y, { ...options, callbacks, resumeFrom: state, allowNonFinite: true })
    await expect(resumed).rejects.toThrow('NaN or infinity appears first in the parameter dense/kernel')
    await expect(model.fit(x, y, { allowNonFinite: 1 } as object)).rejects.toThrow('fit: allowNonFinite is 1')
    expect(() => model.setTrainingState(state, { nonFinite: true } as object)).toThrow('nonFinite is true')
  })
})

describe('setTrainingState', () => {
  test.each<[string, () => TrainingState]>([
    ['a negative v', () => withNumber('optimizer.slots.v.dense/kernel', 0, -0.5)],
    ['a bad rate', () => spoilt('optimizer.learningRate', Number.POSITIVE_INFINITY)],
    ['a bad position', () => spoilt('fit.batch', 99)],
    ['half an optimiser', () => spoilt('optimizer', { name: 'adam' })],
    ['half a fit', () => spoilt('fit', { epoch: 1 })],
    ['half an architecture', () => spoilt('architecture', { layers: null })],
  ])('refuses %s, and changes nothing', async (_, state) => {
    const { model, callbacks } = await used()
    const before = everything(model, callbacks)
    expect(() => model.setTrainingState(state())).toThrow(ResumeError)
    expect(everything(model, callbacks)).toEqual(before)
  })

  test('asks an optimiser of one’s own for what it takes', () => {
    class Strict extends SGD {
      // @ts-expect-error: a name of its own
      override readonly name = 'strict'
      #rate = 0.01
      override get learningRate(): number {
        return this.#rate
      }
      override set learningRate(rate: number) {
        this.#rate = rate
      }
    }
    const model = modelOf({ compiled: { optimizer: new Strict() } })
    const state = model.getTrainingState()
    const bad = { ...state, optimizer: { ...state.optimizer!, learningRate: Number.NaN } }
    expect(() => model.setTrainingState(bad)).toThrow('learningRate was NaN, expected a finite number')
    expect(model.compiled!.optimizer.learningRate).toBe(0.01)
  })
})

describe('a callback that fails before training goes on', () => {
  async function undone(
    failing: Callback,
    resumeFrom: TrainingState,
    message: string | RegExp,
  ): Promise<void> {
    const { model, callbacks } = await used()
    const before = everything(model, callbacks)
    const predicted = model.predict(x)
    await expect(
      model.fit(x, y, { ...options, callbacks: [...callbacks, failing], resumeFrom }),
    ).rejects.toThrow(message)
    expect(everything(model, callbacks)).toEqual(before)
    expect(model.predict(x)).toEqual(predicted)
  }

  test('by its setState has all put back, and is named', async () => {
    const keeper: Callback = {
      type: 'Keeper',
      getState: () => null as Plain,
      setState: () => {
        throw new Error('it is lost')
      },
    }
    const last = good.fit!.callbacks.length - 1
    const callbacks = good.fit!.callbacks.toSpliced(last, 0, { type: 'Keeper', state: 1 })
    const state = { ...good, fit: { ...good.fit!, callbacks } }
    await undone(
      keeper,
      state,
      'fit: cannot go on from this training state:\n- callbacks: Keeper: it is lost',
    )
  })

  test('by its checkState is listed', async () => {
    const picky: Callback = {
      type: 'Diary',
      getState: () => [],
      checkState: (state, weights) => {
        expect(state).toContain('["onEpochBegin",0]')
        expect(weights.map(({ path }) => path)).toEqual(modelOf().weightPaths)
        throw new Error('too long a story')
      },
      setState: () => expect.unreachable(),
    }
    const found = await refused(good, { callbacks: [picky, ...company().slice(1)] })
    expect(found).toEqual(['callbacks: Diary: too long a story'])
  })

  test('by its onTrainBegin has all put back', async () => {
    await undone(new EarlyStopping({ monitor: 'valloss' }), good, 'EarlyStopping: monitor is "valloss"')
    const onTrainBegin = async () => {
      throw new Error('no room')
    }
    await undone({ onTrainBegin }, good, 'no room')
  })
})

test('with a signal that has aborted, all is checked and nothing changed', async () => {
  const { model, callbacks } = await used()
  const before = everything(model, callbacks)
  const signal = AbortSignal.abort(new Error('only a look'))
  const look = (resumeFrom: TrainingState) => model.fit(x, y, { ...options, callbacks, signal, resumeFrom })
  await expect(look(good)).rejects.toThrow('only a look')
  await expect(look(spoilt('fit.batch', 9))).rejects.toThrow('batch was 9')
  expect(everything(model, callbacks)).toEqual(before)
})

test('a model that is not built is not built by a state that is refused', async () => {
  const model = new Sequential([new Flatten(), new Dense({ units: 3, activation: 'softmax' })])
  model.compile({ loss: 'sparseCategoricalCrossentropy' })
  await expect(model.fit(x, y, { ...options, resumeFrom: good })).rejects.toThrow(ResumeError)
  expect(model.inputShape).toBeNull()
})
