import { getEventListeners } from 'node:events'
import {
  type Callback,
  type Logs,
  NonFiniteError,
  OptionError,
  ProgressBar,
  Sequential,
  SGD,
  StateError,
  tensor,
} from 'convnet-ts'
import { afterEach, describe, expect, test } from 'vitest'
import { setTerminal, terminal } from '../../../src/text/terminal.ts'
import { expectSameBits } from '../../support/compare.ts'
import { experimentLayers } from '../../support/experiments.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { recorder } from '../../support/terminals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(50)
const quiet = { verbose: 0 } as const
const weights = (model: Sequential) => model.getWeights().flatMap(({ data }) => [...data])

describe('an epoch', () => {
  test('is the steps that trainOnBatch takes, short last batch included, and its means are weighted by rows', async () => {
    const fitted = toyModel()
    const history = await fitted.fit(x, y, { ...quiet, batchSize: 16, shuffle: false })
    const stepped = toyModel()
    let loss = 0
    let right = 0
    for (const [from, rows] of [
      [0, 16],
      [16, 16],
      [32, 16],
      [48, 2],
    ] as const) {
      const logs = stepped.trainOnBatch(x.lo(from).hi(rows), y.slice(from, from + rows))
      loss += logs.loss! * rows
      right += logs.accuracy! * rows
    }
    expectSameBits(weights(fitted), weights(stepped))
    expect(history.history.loss![0]).toBeCloseTo(loss / 50, 12)
    expect(history.history.accuracy![0]).toBeCloseTo(right / 50, 12)
  })

  test('works with batches of 1 and batches larger than the data', async () => {
    const single = toyModel()
    const { history } = await single.fit(x, y, { ...quiet, batchSize: 1, shuffle: false })
    const stepped = toyModel()
    const losses = Array.from(y, (_, row) => {
      return stepped.trainOnBatch(x.lo(row).hi(1), y.subarray(row, row + 1)).loss!
    })
    expectSameBits(weights(single), weights(stepped))
    expect(history.loss![0]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / 50, 12)
    const large = toyModel()
    const whole = large.evaluate(x, y)
    const { history: one } = await large.fit(x, y, { ...quiet, batchSize: 5000 })
    // One step over everything: its loss is that of the weights before, but for the order of the rows.
    expect(one.loss![0]).toBeCloseTo(whole.loss!, 12)
  })

  test('takes the rows in a new order each time, the same for the same seed', async () => {
    const curve = async (seed: number) =>
      (await toyModel().fit(x, y, { ...quiet, batchSize: 7, epochs: 3, seed })).history.loss
    expect(await curve(0)).toEqual(await curve(0))
    expect(await curve(0)).not.toEqual(await curve(1))
    // With a learning rate of nothing, batches of one row show the order.
    const model = toyModel()
    const seen: string[] = []
    const record: Callback = { onBatchEnd: (_, logs) => void seen.push(logs.loss!.toFixed(6)) }
    const inputs = tensor(x.data.slice(0, 64 * 20), [20, 8, 8, 1])
    model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new SGD({ learningRate: 1e-30 }) })
    await model.fit(inputs, y.slice(0, 20), { ...quiet, batchSize: 1, epochs: 2, callbacks: [record] })
    expect(seen.slice(0, 20)).not.toEqual(seen.slice(20))
    expect(seen[19]).toBe(seen[39])
  })
})

describe('validation', () => {
  test('validationSplit keeps the last rows, untrained and in order', async () => {
    const split = await toyModel().fit(x, y, { ...quiet, validationSplit: 0.2, epochs: 2 })
    const apart = await toyModel().fit(x.hi(40), y.slice(0, 40), {
      ...quiet,
      epochs: 2,
      validationData: [x.lo(40), y.slice(40)],
    })
    expect(split.history).toEqual(apart.history)
    expect(Object.keys(split.history)).toEqual(['loss', 'accuracy', 'valLoss', 'valAccuracy'])
    expect(split.epoch).toEqual([0, 1])
    expect(split.seconds.every(seconds => seconds > 0)).toBe(true)
    expect(split.valSeconds).toHaveLength(2)
  })

  test('is what evaluate says of the weights after the epoch', async () => {
    const model = toyModel()
    const { history } = await model.fit(x, y, { ...quiet, validationData: [x, y], batchSize: 20 })
    expect({ loss: history.valLoss![0], accuracy: history.valAccuracy![0] }).toEqual(model.evaluate(x, y))
  })

  test('bad options and data are refused before anything changes', async () => {
    const model = toyModel()
    const before = weights(model)
    for (const [options, message] of [
      [{ batchSize: 0 }, 'fit: batchSize is 0, expected a whole number of at least 1'],
      [{ batch_size: 32 }, 'fit: batch_size is 32, expected the option batchSize'],
      [{ epochs: 1.5 }, 'fit: epochs is 1.5'],
      [{ verbose: 3 }, 'fit: verbose is 3, expected 0, 1 or 2'],
      [{ validationSplit: 1 }, 'fit: validationSplit is 1'],
      [{ validationSplit: 0.999 }, 'a share that leaves a row to train on'],
      [{ validationData: x }, 'fit: validationData'],
      [
        { validationData: [x, y.slice(1)] },
        'fit: validationData: x has 50 rows and y has shape (49,), expected one target a row',
      ],
      [{ shuffle: 1 }, 'fit: shuffle is 1, expected true or false'],
      [{ seed: -1 }, 'fit: seed is -1'],
      [{ callbacks: {} }, 'fit: callbacks is an object (Object), expected a list of callbacks'],
      [{ callbacks: [{}, []] }, 'fit: callbacks[1] is [], expected a callback'],
      [{ callbacks: [null] }, 'fit: callbacks[0] is null, expected a callback'],
      // biome-ignore lint/suspicious/noSparseArray: it is what is refused
      [{ callbacks: [,] }, 'fit: callbacks[0] is undefined, expected a callback'],
      [{ callbacks: [{ onEpochEnd: 5 }] }, 'fit: callbacks[0].onEpochEnd is 5, expected a function'],
      [{ signal: true }, 'fit: signal is true, expected an AbortSignal'],
    ] as const) {
      await expect(model.fit(x, y, { ...quiet, ...(options as object) })).rejects.toThrow(message)
    }
    await expect(
      model.fit(
        x,
        y.map(label => label + 1),
      ),
    ).rejects.toThrow('expected a class from 0 to 2')
    expectSameBits(weights(model), before)
    await expect(new Sequential(experimentLayers(1)).fit(x, y)).rejects.toThrow(StateError)
  })
})

describe('callbacks', () => {
  test('are called at their turns, and can end training', async () => {
    const calls: string[] = []
    const recorder: Callback = {
      onTrainBegin: params => void calls.push(`train ${JSON.stringify(params)}`),
      onEpochBegin: epoch => void calls.push(`epoch ${epoch}`),
      onBatchBegin: batch => void calls.push(`batch ${batch}`),
      onBatchEnd: batch => void calls.push(`batch ${batch} done`),
      onTestBegin: () => void calls.push('test'),
      onTestEnd: logs => void calls.push(`test done ${Object.keys(logs)}`),
      onEpochEnd: async (epoch, logs, model) => {
        await new Promise(resolve => setTimeout(resolve, 5))
        calls.push(`epoch ${epoch} done ${Object.keys(logs)}`)
        model.stopTraining = epoch === 1
      },
      onTrainEnd: logs => void calls.push(`train done ${Object.keys(logs)}`),
      onTrainFail: () => void calls.push('failed'),
    }
    const options = { ...quiet, epochs: 9, validationSplit: 0.2, callbacks: [recorder] }
    const history = await toyModel().fit(x, y, options)
    const names = 'loss,accuracy,valLoss,valAccuracy'
    const epoch = (n: number) => [
      `epoch ${n}`,
      ...['batch 0', 'batch 0 done', 'batch 1', 'batch 1 done'],
      ...['test', 'test done loss,accuracy'],
      `epoch ${n} done ${names}`,
    ]
    const params = { epochs: 9, steps: 2, rows: 40, batchSize: 32, names: names.split(',') }
    expect(calls).toEqual([
      `train ${JSON.stringify(params)}`,
      ...epoch(0),
      ...epoch(1),
      `train done ${names}`,
    ])
    expect(history.epoch).toEqual([0, 1])
  })

  test('without validation are told of no test, and of batches no larger than the data', async () => {
    const calls: string[] = []
    const recorder: Callback = {
      onTrainBegin: ({ batchSize, names }) => void calls.push(`${batchSize} ${names}`),
      onTestBegin: () => void calls.push('test'),
      onTestEnd: () => void calls.push('test'),
    }
    await toyModel().fit(x, y, { ...quiet, batchSize: 500, callbacks: [recorder] })
    expect(calls).toEqual(['50 loss,accuracy'])
  })

  test('hand on what they add to the logs of an epoch, to those behind them and to the history', async () => {
    const seen: (readonly string[])[] = []
    const look: Callback = { onEpochEnd: (_, logs) => void seen.push(Object.keys(logs)) }
    const add: Callback = {
      onEpochEnd: (epoch, logs) => {
        logs.tenfold = 10 * epoch
      },
    }
    const { history } = await toyModel().fit(x, y, { ...quiet, epochs: 3, callbacks: [look, add, look] })
    const names = ['loss', 'accuracy']
    expect(seen.slice(0, 2)).toEqual([names, [...names, 'tenfold']])
    expect(history.tenfold).toEqual([0, 10, 20])
  })

  test('may set weights: the next step goes on from them', async () => {
    const halve = (model: Sequential) =>
      model.setWeights(model.getWeights().map(({ data }) => data.map(weight => weight / 2)))
    const options = { ...quiet, batchSize: 10, shuffle: false }
    const fitted = toyModel()
    await fitted.fit(x, y, {
      ...options,
      callbacks: [{ onBatchBegin: (batch, model) => void (batch === 3 && halve(model)) }],
    })
    const stepped = toyModel()
    for (let batch = 0; batch < 5; batch++) {
      if (batch === 3) halve(stepped)
      stepped.trainOnBatch(x.lo(10 * batch).hi(10), y.slice(10 * batch, 10 * batch + 10))
    }
    expectSameBits(weights(fitted), weights(stepped))
  })

  describe('that put something else than a number into the logs are refused by name', () => {
    class Noter implements Callback {
      onBatchEnd(_: number, logs: object): void {
        Object.assign(logs, { note: undefined })
      }
    }
    const add = (_: number, logs: object) => void Object.assign(logs, { note: 'high' })
    test.each<[string, Callback, string]>([
      ['an object', { onEpochEnd: add }, 'a callback: logs.note is "high", expected a number'],
      ['one with a type', { type: 'Notes', onEpochEnd: add }, 'Notes: logs.note is "high"'],
      [
        'one that is waited for',
        { onEpochEnd: async (epoch, logs) => add(epoch, logs) },
        'a callback: logs.note',
      ],
      ['an object of a class', new Noter(), 'Noter: logs.note is undefined'],
    ])('%s', async (_, callback, message) => {
      const model = toyModel()
      const told: string[] = []
      const behind: Callback = { onEpochEnd: (_, logs) => void told.push(...Object.keys(logs)) }
      const training = model.fit(x, y, { ...quiet, callbacks: [callback, behind, new ProgressBar()] })
      await expect(training).rejects.toThrow(message)
      await expect(training).rejects.toBeInstanceOf(OptionError)
      expect(told).toEqual([])
      expect(model.getTrainingState().fit!.logs).not.toHaveProperty('note')
    })
  })

  describe('that held on to something are told when training fails', () => {
    /** What callbacks named a, b and c are told of beginning, end and failure while b does this. */
    async function told(b: Callback, options: object = {}): Promise<{ calls: string[]; error: unknown }> {
      const calls: string[] = []
      const recorder = (name: string, does: Callback = {}): Callback => ({
        ...does,
        onTrainBegin: (...given) => {
          calls.push(`${name} begins`)
          does.onTrainBegin?.(...given)
        },
        onTrainEnd: (...given) => {
          calls.push(`${name} ends`)
          does.onTrainEnd?.(...given)
        },
        onTrainFail: (error, model) => {
          calls.push(`${name} fails: ${(error as Error).message.slice(0, 14)}`)
          does.onTrainFail?.(error, model)
        },
      })
      const callbacks = [recorder('a'), recorder('b', b), recorder('c')]
      const error = await toyModel()
        .fit(x, y, { ...quiet, ...options, callbacks })
        .catch(error => error)
      return { calls, error }
    }
    const fail = (message: string) => () => {
      throw new Error(message)
    }
    const all = (reason: string) => ['a', 'b', 'c'].map(name => `${name} fails: ${reason}`)
    const begun = ['a begins', 'b begins', 'c begins']

    test('by a number that is not finite', async () => {
      const spoil: Callback = {
        onBatchBegin: (_, model) =>
          model.setWeights(model.getWeights().map(({ data }) => data.map(() => Number.NaN))),
      }
      const { calls, error } = await told(spoil)
      expect(error).toBeInstanceOf(NonFiniteError)
      expect(calls).toEqual([...begun, ...all('training fails')])
    })

    test('by a signal', async () => {
      const controller = new AbortController()
      const abort: Callback = { onBatchEnd: () => controller.abort(new Error('enough')) }
      const { calls } = await told(abort, { signal: controller.signal })
      expect(calls).toEqual([...begun, ...all('enough')])
    })

    test('by a callback, whose error is not hidden by another that follows from it', async () => {
      const clumsy: Callback = { onEpochEnd: fail('no'), onTrainFail: fail('and no') }
      const { calls, error } = await told(clumsy)
      expect((error as Error).message).toBe('no')
      expect(calls).toEqual([...begun, ...all('no')])
    })

    test('but for those that had not begun, and those that had ended', async () => {
      const atBegin = await told({ onTrainBegin: fail('no') })
      expect(atBegin.calls).toEqual(['a begins', 'b begins', 'a fails: no', 'b fails: no'])
      const atEnd = await told({ onTrainEnd: fail('no') })
      expect(atEnd.calls).toEqual([...begun, 'a ends', 'b ends', 'b fails: no', 'c fails: no'])
      expect(atEnd.error).toEqual(new Error('no'))
    })
  })
})

describe('while fit runs', () => {
  test('a signal ends it after the step under way, with the signal’s reason', async () => {
    const model = toyModel()
    const controller = new AbortController()
    const reason = new Error('enough')
    const stop: Callback = { onBatchEnd: batch => void (batch === 4 && controller.abort(reason)) }
    const options = { ...quiet, batchSize: 1, shuffle: false, callbacks: [stop], signal: controller.signal }
    await expect(model.fit(x, y, options)).rejects.toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    const stepped = toyModel()
    for (let row = 0; row < 5; row++) stepped.trainOnBatch(x.lo(row).hi(1), y.slice(row, row + 1))
    expectSameBits(weights(model), weights(stepped))
    // An aborted model is as good as new, and a signal aborted before changes nothing.
    await expect(model.fit(x, y, options)).rejects.toBe(reason)
    expectSameBits(weights(model), weights(stepped))
    await model.fit(x, y, quiet)
  })

  test('evaluate and predict may be called and change nothing, other calls are refused', async () => {
    const undisturbed = toyModel()
    const expected = await undisturbed.fit(x, y, {
      ...quiet,
      batchSize: 4,
      epochs: 2,
      validationData: [x, y],
    })
    const model = toyModel()
    let evaluated: Logs = {}
    const meddler: Callback = {
      onBatchEnd: () => {
        evaluated = model.evaluate(x, y, { batchSize: 13 })
        model.predict(x)
      },
    }
    const running = model.fit(x, y, {
      ...quiet,
      batchSize: 4,
      epochs: 2,
      validationData: [x, y],
      callbacks: [meddler],
    })
    for (const call of [
      () => model.trainOnBatch(x, y),
      () => model.compile({ loss: 'meanSquaredError' }),
      () => model.add(experimentLayers(1)[2]),
    ]) {
      expect(call).toThrow('fit is running on this model')
    }
    await expect(model.fit(x, y)).rejects.toThrow(StateError)
    const history = await running
    expect(history.history).toEqual(expected.history)
    expectSameBits(weights(model), weights(undisturbed))
    expect(evaluated.loss).toBe(history.history.valLoss![1])
  })

  test('a 10 ms timer is never later than one step and 20 ms', async () => {
    // A pause of the whole machine counts as a timer's delay: one may spoil a run, but hardly three.
    let latest = Number.POSITIVE_INFINITY
    for (let run = 0; run < 3 && latest >= 20; run++) latest = Math.min(latest, await delayBesideSteps())
    expect(latest).toBeLessThan(20)
  })

  /** Trains until 20 turns of a 10 ms timer are over, and says by how much the latest was later than the longest step. */
  async function delayBesideSteps(): Promise<number> {
    const model = new Sequential(experimentLayers(1), { inputShape: [28, 28, 1] })
    model.compile({ loss: 'sparseCategoricalCrossentropy' })
    const images = tensor(new Uint8Array(640 * 784).fill(1), [640, 28, 28, 1])
    const labels = new Uint8Array(640)
    let slowest = 0
    let last = performance.now()
    const watch: Callback = {
      onBatchEnd: () => {
        slowest = Math.max(slowest, performance.now() - last)
        last = performance.now()
        model.stopTraining = late.length > 20
      },
    }
    const late: number[] = []
    let due = performance.now() + 10
    const timer = setInterval(() => {
      late.push(performance.now() - due)
      due = performance.now() + 10
    }, 10)
    const options = { ...quiet, epochs: 1000, batchSize: 32, callbacks: [watch] }
    await model.fit(images, labels, { ...options, validationData: [images, labels] })
    clearInterval(timer)
    expect(late.length).toBeGreaterThan(20)
    return Math.max(...late) - slowest
  }
})

describe('what fit prints', () => {
  const before = terminal()
  afterEach(() => setTerminal(before))

  async function shown(
    isTTY: boolean,
    verbose: 0 | 1 | 2,
    columns = 200,
    callbacks: readonly Callback[] = [],
  ): Promise<string> {
    const output = recorder({ isTTY, columns })
    setTerminal(output)
    const options = { verbose, epochs: 2, batchSize: 25, validationSplit: 0.2, callbacks }
    await toyModel()
      .fit(x, y, options)
      .catch(() => {})
    return output.written.join('')
  }
  const numbers = String.raw`loss: \d\.\d{4} - accuracy: \d\.\d{4} - val_loss: \d\.\d{4} - val_accuracy: \d\.\d{4}`
  const plain = String.raw`Epoch 1/2 - 2/2 [\d.]+s [\d.]+ms/step - ${numbers}\nEpoch 2/2 - 2/2 .*\n`

  test('a line an epoch where there is no terminal, or with verbose 2', async () => {
    expect(await shown(false, 1)).toMatch(new RegExp(`^${plain}$`))
    expect(await shown(true, 2)).toMatch(new RegExp(`^${plain}$`))
  })

  test('a bar on a terminal, drawn over itself', async () => {
    const text = await shown(true, 1)
    expect(text).toMatch(
      new RegExp(String.raw`\r\u001b\[K2/2 ━{20} [\d.]+s [\d.]+ms/step - ${numbers}\nEpoch 2/2\n`),
    )
  })

  test('nothing with verbose 0', async () => {
    expect(await shown(true, 0)).toBe('')
  })

  test('one progress bar, the one among the callbacks if there is any', async () => {
    const own = () => [new ProgressBar({ verbose: 2 })]
    expect(await shown(true, 0, 200, own())).toMatch(new RegExp(`^${plain}$`))
    expect(await shown(true, 1, 200, own())).toMatch(new RegExp(`^${plain}$`))
    expectRefusal(() => new ProgressBar({ verbose: 0 as never }), 'ProgressBar', 'verbose', 'expected 1 or 2')
  })

  test('the end of a line that was drawn in part when training failed, on a terminal alone', async () => {
    const fail: Callback = {
      onBatchEnd: batch => {
        if (batch === 1) throw new Error('no')
      },
    }
    expect(await shown(true, 1, 200, [fail])).toMatch(/^Epoch 1\/2\n\r[^\n]*loss[^\n]*\n$/)
    expect(await shown(false, 1, 200, [fail])).toBe('')
  })
})
