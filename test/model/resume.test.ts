import { isDeepStrictEqual as isEqual } from 'node:util'
import {
  type BackendOptions,
  type Callback,
  Conv2D,
  Dense,
  Dropout,
  EarlyStopping,
  type FitOptions,
  Flatten,
  garments,
  type History,
  LearningRateScheduler,
  MaxPool2D,
  ModelCheckpoint,
  ReduceLROnPlateau,
  ResumeError,
  Sequential,
  SGD,
  setBackend,
  type TrainingState,
} from 'convnet-ts'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildModel, type Experiment, experiments } from '../../examples/fashion-mnist/experiments.ts'
import { expectSameBits } from '../support/compare.ts'
import { Diary, Interruption } from '../support/interruptions.ts'
import { toyData, toyModel } from '../support/toy.ts'

const { x, y } = toyData(40)
const quiet = { verbose: 0 } as const
const weights = (model: Sequential) => model.getWeights().flatMap(({ data }) => [...data])

/** A small model with a mask, and an optimiser with two slots. */
function maskedModel(): Sequential {
  const model = new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Dropout({ rate: 0.3 }),
      new Flatten(),
      new Dense({ units: 3, activation: 'softmax' }),
    ],
    { inputShape: [8, 8, 1], seed: 3 },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  return model
}

/** Callbacks that keep something, or change what training does. */
function company() {
  return {
    diary: new Diary(),
    scheduler: new LearningRateScheduler((_, rate) => rate * 0.9),
    stopping: new EarlyStopping({ monitor: 'loss', patience: 4, minDelta: 0.5, restoreBestWeights: true }),
    plateau: new ReduceLROnPlateau({
      monitor: 'loss',
      patience: 2,
      minDelta: 0.05,
      factor: 0.5,
      cooldown: 1,
    }),
    best: new ModelCheckpoint({ monitor: 'loss', saveBestOnly: true }),
    last: new ModelCheckpoint({ saveFreq: 3 }),
  }
}

type Company = ReturnType<typeof company>

/** All that can be seen of a training that has ended. */
function outcome(model: Sequential, { epoch, history }: History, { diary, stopping, best, last }: Company) {
  const { bestEpoch, stoppedEpoch } = stopping
  const saved = [best, last].map(
    ({ saved }) => saved && { ...saved, weights: saved.weights.map(w => w.data) },
  )
  const { learningRate } = model.compiled!.optimizer
  return { epoch, history, diary: diary.entries, bestEpoch, stoppedEpoch, saved, learningRate }
}

/** Trains with interruptions: after so many turns, and after so many more, each time going on with a new model. */
async function interrupted(options: FitOptions, after: readonly number[], place: number) {
  let state: TrainingState | null = null
  for (const n of [...after, Number.POSITIVE_INFINITY]) {
    const model = maskedModel()
    const friends = company()
    const interruption = new Interruption(n)
    const callbacks = Object.values<Callback>(friends).toSpliced(place, 0, interruption)
    const resumed: object = state ? { resumeFrom: state } : {}
    const history = await model.fit(x, y, { ...options, ...resumed, callbacks }).catch(() => null)
    if (history) return { model, ...outcome(model, history, friends) }
    // What can be kept in a file is enough, and nothing of the first model is needed.
    state = structuredClone(interruption.state!)
  }
  throw new Error('it never ends')
}

test('wherever it is interrupted, and however often, training ends as if it had not been', async () => {
  const interruptions = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 })
  const options = fc.record({
    batchSize: fc.integer({ min: 3, max: 50 }),
    epochs: fc.integer({ min: 1, max: 5 }),
    shuffle: fc.boolean(),
    validationSplit: fc.constantFrom(0, 0.2),
    seed: fc.nat(9),
  })
  await fc.assert(
    fc.asyncProperty(options, interruptions, fc.nat(6), async (options, after, place) => {
      const whole = await interrupted({ ...quiet, ...options }, [], place)
      const parts = await interrupted({ ...quiet, ...options }, after, place)
      const { model: wholeModel, ...expected } = whole
      const { model, ...found } = parts
      expect(found).toEqual(expected)
      expectSameBits(weights(model), weights(wholeModel))
    }),
    { numRuns: 60 },
  )
})

describe('a state', () => {
  const options = { ...quiet, batchSize: 8, epochs: 6, validationSplit: 0.2 } as const

  /** The state at a turn of an epoch, taken when so many callbacks have been told of it. */
  async function stateAt(turn: string, epoch: number, told: number): Promise<TrainingState> {
    const model = maskedModel()
    let state: TrainingState | null = null
    const look: Callback = {
      type: 'Look',
      [turn]: () => {
        const now = model.getTrainingState()
        if (now.fit!.epoch === epoch && (turn !== 'onBatchEnd' || now.fit!.batch === 2)) state ??= now
      },
    }
    const callbacks = Object.values<Callback>(company()).toSpliced(told, 0, look)
    await model.fit(x, y, { ...options, callbacks })
    const { fit, ...others } = state!
    const snapshots = fit!.callbacks.filter(({ type }) => type !== 'Look')
    return { ...others, fit: { ...fit!, told, callbacks: snapshots } }
  }

  /** How training ends that goes on from a state; or the error that it is refused with. */
  async function end(state: TrainingState): Promise<object> {
    const model = maskedModel()
    const friends = company()
    const callbacks = Object.values<Callback>(friends)
    try {
      const history = await model.fit(x, y, { ...quiet, validationSplit: 0.2, callbacks, resumeFrom: state })
      return { ...outcome(model, history, friends), weights: weights(model) }
    } catch (error) {
      return { error }
    }
  }

  test('has nothing that could be left out', async () => {
    const states = [
      await stateAt('onEpochBegin', 2, 1),
      await stateAt('onBatchEnd', 2, 3),
      await stateAt('onTestEnd', 2, 6),
      await stateAt('onEpochEnd', 3, 6),
      await stateAt('onEpochEnd', 4, 6),
    ]
    const unneeded = new Set<string>()
    const needed = new Set<string>()
    for (const state of states) {
      const expected = await end(state)
      expect(expected).not.toHaveProperty('error')
      for (const path of leaves(state)) {
        const ends = needed.has(path) ? [] : await Promise.all(spoilt(state, path.split(' ')).map(end))
        if (ends.some(found => !isEqual(found, expected))) needed.add(path)
        else unneeded.add(path)
      }
    }
    const vain = [...unneeded].filter(path => !needed.has(path))
    expect(vain).toEqual([
      'optimizer config learningRate', // `learningRate` is the same.
      'fit callbacks 4 state seen', // This one counts no batches.
    ])
    expect(needed.size).toBeGreaterThan(50)
  }, 30_000)
})

describe('on every backend, with other threads than before, the bits are those of one run:', () => {
  const { train } = garments({ train: 40, test: 1 })
  const { images, labels } = train
  const options = { ...quiet, batchSize: 12, epochs: 2, validationSplit: 0.2 } as const

  async function run(experiment: Experiment, backend: BackendOptions, given: FitOptions = {}) {
    setBackend(backend)
    const model = buildModel(experiment, 1)
    const history = await model.fit(images, labels, { ...options, ...given })
    return { model, history }
  }

  test.each([
    { number: 1, numerics: 'strict', fusion: true, before: 1, after: 2 },
    { number: 1, numerics: 'fast', fusion: false, before: 2, after: 1 },
    { number: 2, numerics: 'strict', fusion: false, before: 2, after: 1 },
    { number: 2, numerics: 'fast', fusion: true, before: 1, after: 2 },
    { number: 3, numerics: 'strict', fusion: true, before: 2, after: 1 },
    { number: 3, numerics: 'fast', fusion: true, before: 1, after: 2 },
  ] as const)('experiment $number, $numerics, fusion $fusion, threads $before and $after', async given => {
    onTestFinished(() => setBackend({}))
    const { number, numerics, fusion, before, after } = given
    const experiment = experiments[number - 1]
    const backend = { kernels: 'simd', numerics, fusion } as const
    const whole = await run(experiment, { ...backend, threads: after })
    // In the second epoch, after the first of three steps.
    const interruption = new Interruption(13)
    const first = run(experiment, { ...backend, threads: before }, { callbacks: [interruption] })
    await expect(first).rejects.toThrow('interrupted')
    const resumeFrom = interruption.state!
    expect(resumeFrom.fit).toMatchObject({ epoch: 1, batch: 1, turn: 'onBatchEnd' })
    const { model, history } = await run(experiment, { ...backend, threads: after }, { resumeFrom })
    expect(history.history).toEqual(whole.history.history)
    expectSameBits(weights(model), weights(whole.model))
  })
})

describe('a signal', () => {
  test('leaves in the model what training can go on from', async () => {
    const whole = maskedModel()
    const { history } = await whole.fit(x, y, { ...quiet, epochs: 2, batchSize: 7 })
    const model = maskedModel()
    const controller = new AbortController()
    const abort: Callback = { onBatchEnd: batch => void (batch === 3 && controller.abort()) }
    const options = { ...quiet, epochs: 2, batchSize: 7 }
    await expect(
      model.fit(x, y, { ...options, callbacks: [abort], signal: controller.signal }),
    ).rejects.toHaveProperty('name', 'AbortError')
    const state = model.getTrainingState()
    expect(state.fit).toMatchObject({ epoch: 0, batch: 4, turn: 'onBatchEnd', told: 2 })
    const resumed = await model.fit(x, y, { ...quiet, resumeFrom: state })
    expect(resumed.history).toEqual(history)
    expectSameBits(weights(model), weights(whole))
  })

  test('in the middle of a validation has that begin again', async () => {
    const options = { ...quiet, epochs: 2, batchSize: 7, validationSplit: 0.5 }
    const whole = await maskedModel().fit(x, y, options)
    const model = maskedModel()
    const controller = new AbortController()
    const abort: Callback = { onTestBegin: () => controller.abort() }
    await model.fit(x, y, { ...options, callbacks: [abort], signal: controller.signal }).catch(() => {})
    const state = model.getTrainingState()
    expect(state.fit).toMatchObject({ epoch: 0, batch: 3, turn: 'onTestBegin', logs: {} })
    const { history } = await maskedModel().fit(x, y, { ...quiet, validationSplit: 0.5, resumeFrom: state })
    expect(history).toEqual(whole.history)
  })
})

describe('fit({ resumeFrom })', () => {
  const options = { ...quiet, epochs: 3, batchSize: 10, validationSplit: 0.2, seed: 5 } as const

  async function stateOf(given: FitOptions = {}, n = 12): Promise<TrainingState> {
    const interruption = new Interruption(n)
    const callbacks = [...(given.callbacks ?? []), interruption]
    await maskedModel()
      .fit(x, y, { ...options, ...given, callbacks })
      .catch(() => {})
    return interruption.state!
  }

  test('takes options that are not given from the state', async () => {
    const whole = await maskedModel().fit(x, y, { ...options, shuffle: false })
    const resumeFrom = await stateOf({ shuffle: false })
    const resumed = await maskedModel().fit(x, y, { ...quiet, validationSplit: 0.2, resumeFrom })
    expect(resumed.history).toEqual(whole.history)
    expect(resumed.epoch).toEqual([0, 1, 2])
  })

  test('adds epochs to a training that has ended', async () => {
    const whole = await maskedModel().fit(x, y, { ...options, epochs: 5 })
    const model = maskedModel()
    await model.fit(x, y, options)
    const more = await model.fit(x, y, { ...options, epochs: 5, resumeFrom: model.getTrainingState() })
    expect(more.history).toEqual(whole.history)
    // With no more epochs, it ends at once.
    const before = weights(model)
    const none = await model.fit(x, y, { ...options, epochs: 5, resumeFrom: model.getTrainingState() })
    expect(none.history).toEqual(whole.history)
    expectSameBits(weights(model), before)
  })

  test('stays where a callback has ended training', async () => {
    const end: Callback = {
      onEpochEnd(epoch, _, model) {
        model.stopTraining = epoch === 1
      },
    }
    const model = maskedModel()
    await model.fit(x, y, { ...options, callbacks: [end] })
    const { epoch } = await model.fit(x, y, { ...options, resumeFrom: model.getTrainingState() })
    expect(epoch).toEqual([0, 1])
  })

  test('tells callbacks where it goes on, and of no beginning twice', async () => {
    const calls: string[] = []
    const told: Callback = {
      onTrainBegin: ({ resumedAt }) => void calls.push(`begin ${JSON.stringify(resumedAt)}`),
      onEpochBegin: epoch => void calls.push(`epoch ${epoch}`),
      onBatchBegin: batch => void calls.push(`batch ${batch}`),
      onTrainEnd: logs => void calls.push(`end ${Object.keys(logs)}`),
    }
    const two = { ...options, epochs: 2 }
    const state = await stateOf({ epochs: 2 }, 17) // In the second epoch, after two of four steps.
    await maskedModel().fit(x, y, { ...two, callbacks: [told], resumeFrom: state })
    const end = 'end loss,accuracy,valLoss,valAccuracy'
    expect(calls.splice(0)).toEqual(['begin {"epoch":1,"batch":2}', 'batch 2', 'batch 3', end])
    const model = maskedModel()
    await model.fit(x, y, { ...options, epochs: 1 })
    const over = model.getTrainingState()
    await model.fit(x, y, { ...two, callbacks: [told], resumeFrom: over })
    expect(calls.slice(0, 2)).toEqual(['begin {"epoch":1,"batch":0}', 'epoch 1'])
  })

  test('lets a new callback begin where it goes on, and one that keeps nothing be left out', async () => {
    const whole = await maskedModel().fit(x, y, options)
    const noise: Callback = { onBatchEnd: () => {} }
    const resumeFrom = await stateOf({ callbacks: [noise, noise] }, 17)
    const diary = new Diary()
    const { history } = await maskedModel().fit(x, y, { ...options, callbacks: [diary], resumeFrom })
    expect(history).toEqual(whole.history)
    expect(diary.entries[0]).toBe('["onBatchBegin",2]')
  })

  test('goes on after a loss that was not finite, from before it', async () => {
    const whole = await toyModel().fit(x, y, options)
    const model = toyModel()
    let spoils = true
    let good = model.getWeights()
    const spoil: Callback = {
      onBatchBegin: batch => {
        if (!spoils || batch !== 2) return
        good = model.getWeights()
        model.setWeights(good.map(({ data }) => data.map(() => Number.NaN)))
      },
    }
    await expect(model.fit(x, y, { ...options, callbacks: [spoil] })).rejects.toThrow('NaN')
    spoils = false
    model.setWeights(good)
    const { history } = await model.fit(x, y, { ...options, resumeFrom: model.getTrainingState() })
    expect(history).toEqual(whole.history)
  })

  test('refuses another model, other data and other options, all at once and before anything changes', async () => {
    const state = await stateOf({ callbacks: [new EarlyStopping(), new Diary()] }, 17)
    const model = new Sequential(
      [new Flatten(), new Dense({ units: 4, activation: 'softmax' }), new Dense({ units: 3 })],
      { inputShape: [8, 8, 1] },
    )
    model.compile({ loss: 'categoricalCrossentropy', optimizer: new SGD({ momentum: 0.9 }) })
    const before = weights(model)
    const oneHot = Float32Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? 1 : 0))
    const other = { ...quiet, batchSize: 9, epochs: 1, shuffle: false, seed: 6, validationSplit: 0.1 }
    const error: ResumeError = await model
      .fit(x, oneHot, { ...other, callbacks: [new EarlyStopping()], resumeFrom: state })
      .then(() => null)
      .catch(error => error)
    expect(error).toBeInstanceOf(ResumeError)
    expect(error.differences).toEqual([
      'batchSize was 10, and is 9 now',
      'shuffle was true, and is false now',
      'seed was 5, and is 6 now',
      'metrics was ["loss","accuracy"], and is ["loss"] now',
      'loss was "sparseCategoricalCrossentropy", and is "categoricalCrossentropy" now',
      'the data had 32 rows, and has 36 now',
      'the validation data had 8 rows, and has 4 now',
      'epochs is 1, and epoch 2 has begun',
      'callbacks: a Diary with a state was there, and is missing now',
      'layers: conv2d was there, and is not now',
      'layers: max_pooling2d was there, and is not now',
      'layers: dropout was there, and is not now',
      'layers: dense_1 was not there, and is now',
      'layer dense: units was 3, and is 4 now',
      'optimizer was "adam", and is "sgd" now',
      ...['weights', 'optimizer: m', 'optimizer: v'].flatMap(arrays => [
        `${arrays}: conv2d/kernel was there, and is not now`,
        `${arrays}: conv2d/bias was there, and is not now`,
        `${arrays}: dense_1/kernel was not there, and is now`,
        `${arrays}: dense_1/bias was not there, and is now`,
        `${arrays}: dense/kernel had 81 numbers, and has 256 now`,
        `${arrays}: dense/bias had 3 numbers, and has 4 now`,
      ]),
    ])
    expectSameBits(weights(model), before)
    expect(model.getTrainingState()).toMatchObject({ optimizer: { name: 'sgd', steps: 0 }, fit: null })
  })

  test('refuses the same rows with other values or in another order, and takes another type', async () => {
    const resumeFrom = await stateOf()
    const order = 'the data had other values, or another order of rows'
    const swapped = { x: x.data.slice(), y: y.slice() }
    swapped.x.set(x.data.subarray(64, 128), 0)
    swapped.x.set(x.data.subarray(0, 64), 64)
    const fit = (images: Float32Array | Float64Array, labels: Uint8Array | Int32Array) =>
      maskedModel().fit(images, labels, { ...options, resumeFrom })
    await expect(fit(swapped.x, y)).rejects.toMatchObject({ differences: [order] })
    const relabelled = y.with(3, (y[3] + 1) % 3)
    await expect(fit(x.data, relabelled)).rejects.toMatchObject({ differences: [order] })
    const later = y.with(39, (y[39] + 1) % 3)
    await expect(fit(x.data, later)).rejects.toThrow('the validation data had other values')
    await fit(Float64Array.from(x.data), Int32Array.from(y))
  })

  test('refuses what is no state, and one without a fit', async () => {
    const model = maskedModel()
    for (const resumeFrom of [5, {}, { weights: {} }, null]) {
      await expect(model.fit(x, y, { ...quiet, resumeFrom } as object)).rejects.toThrow('fit: resumeFrom is')
    }
    const resumeFrom = model.getTrainingState()
    await expect(model.fit(x, y, { ...quiet, resumeFrom })).rejects.toThrow('no fit had begun')
  })
})

describe('setTrainingState', () => {
  test('has the next step be the one that would have followed', () => {
    for (const optimizer of [() => new SGD({ momentum: 0.9 }), () => new SGD(), () => 'adam' as const]) {
      const [one, other] = [toyModel(), toyModel({ seed: 9 })]
      for (const model of [one, other]) {
        model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: optimizer() })
        model.trainOnBatch(x, y)
      }
      one.trainOnBatch(x, y)
      one.compiled!.optimizer.learningRate *= 3
      const state = one.getTrainingState()
      other.setTrainingState(state)
      expect(other.getTrainingState()).toEqual(state)
      expect(other.trainOnBatch(x, y)).toEqual(one.trainOnBatch(x, y))
      expectSameBits(weights(other), weights(one))
      // What was taken stays as it was.
      expect(state.optimizer!.steps).toBe(2)
      other.setTrainingState(state)
      expect(other.getTrainingState()).toEqual(state)
    }
  })

  test('has the optimiser begin afresh where it had not begun', () => {
    const [fresh, used] = [toyModel(), toyModel()]
    const state = fresh.getTrainingState()
    expect(state).toMatchObject({ optimizer: { name: 'adam', steps: 0, slots: {} }, fit: null })
    used.trainOnBatch(x, y)
    used.setTrainingState(state)
    for (const model of [fresh, used]) {
      model.trainOnBatch(x, y)
      model.trainOnBatch(x, y)
    }
    expectSameBits(weights(used), weights(fresh))
  })

  test('takes weights alone for a model that is not compiled', () => {
    const layers = () => [new Flatten(), new Dense({ units: 2 })]
    const [one, other] = [1, 2].map(seed => new Sequential(layers(), { inputShape: [8, 8, 1], seed }))
    const state = one.getTrainingState()
    expect(state.optimizer).toBeNull()
    other.setTrainingState(state)
    expectSameBits(weights(other), weights(one))
    one.compile({ loss: 'meanSquaredError' })
    expect(() => other.setTrainingState(one.getTrainingState())).toThrow(
      'optimizer was "adam", and the model is not compiled now',
    )
  })

  test('is refused while fit runs; compile, trainOnBatch and add forget where fit stood', async () => {
    const model = toyModel()
    const state = model.getTrainingState()
    const running = model.fit(x, y, quiet)
    expect(() => model.setTrainingState(state)).toThrow('fit is running on this model')
    await running
    for (const forget of [
      () => model.trainOnBatch(x, y),
      () => model.compile({ loss: 'sparseCategoricalCrossentropy' }),
      () => model.add(new Dense({ units: 3 })),
    ]) {
      await model.fit(x, y, quiet)
      expect(model.getTrainingState().fit).not.toBeNull()
      forget()
      expect(model.getTrainingState().fit).toBeNull()
    }
  })
})

/** The paths of all parts that are no objects, but for null. */
function leaves(part: unknown, path = ''): string[] {
  if (part === null || JSON.stringify(part) === '{}') return []
  if (/(seconds|Seconds|passed)$/.test(path)) return [] // No two runs have the same times.
  const isLeaf = typeof part !== 'object' || ArrayBuffer.isView(part) || isNumbers(part)
  if (isLeaf) return [path.trim()]
  return Object.entries(part).flatMap(([key, value]) => leaves(value, `${path} ${key}`))
}

const isNumbers = (part: unknown) => Array.isArray(part) && part.every(item => typeof item !== 'object')

/** Copies with other values at a path. */
function spoilt(state: TrainingState, path: readonly string[]): TrainingState[] {
  return [0, 1].map(which => {
    const copy = structuredClone(state)
    let at: { [key: string]: unknown } = copy as never
    for (const key of path.slice(0, -1)) at = at[key] as never
    const key = path.at(-1)!
    at[key] = others(at[key])[which]
    return copy
  })
}

function others(value: unknown): [unknown, unknown] {
  if (typeof value === 'number') return [value === 0 ? 1 : 0, 1e9]
  if (typeof value === 'boolean') return [!value, !value]
  if (typeof value === 'string') return ['other', '']
  return [ArrayBuffer.isView(value) ? (value as Float32Array).map(() => 0) : [], []]
}
