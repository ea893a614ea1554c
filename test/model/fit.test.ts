import { getEventListeners } from 'node:events'
import { type Callback, type Logs, Sequential, SGD, StateError, tensor } from 'convnet-ts'
import { afterEach, describe, expect, test } from 'vitest'
import { setTerminal, terminal } from '../../src/text/terminal.ts'
import { expectSameBits } from '../support/compare.ts'
import { experimentLayers } from '../support/experiments.ts'
import { toyData, toyModel } from '../support/toy.ts'

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
      [{ callbacks: {} }, 'fit: callbacks'],
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
      onTrainBegin: params => void calls.push(`train ${params.epochs} ${params.steps} ${params.rows}`),
      onEpochBegin: epoch => void calls.push(`epoch ${epoch}`),
      onBatchEnd: batch => void calls.push(`batch ${batch}`),
      onEpochEnd: async (epoch, logs: Readonly<Logs>, model) => {
        await new Promise(resolve => setTimeout(resolve, 5))
        calls.push(`end ${epoch} ${Object.keys(logs)}`)
        model.stopTraining = epoch === 1
      },
      onTrainEnd: () => void calls.push('done'),
    }
    const history = await toyModel().fit(x, y, { ...quiet, epochs: 9, callbacks: [recorder] })
    const epoch = (n: number) => [`epoch ${n}`, 'batch 0', 'batch 1', `end ${n} loss,accuracy`]
    expect(calls).toEqual(['train 9 2 50', ...epoch(0), ...epoch(1), 'done'])
    expect(history.epoch).toEqual([0, 1])
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
      () => model.setWeights(model.getWeights()),
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

  async function shown(isTTY: boolean, verbose: 0 | 1 | 2, columns = 200): Promise<string> {
    let text = ''
    setTerminal({
      isTTY,
      columns,
      write: part => {
        text += part
      },
    })
    await toyModel().fit(x, y, { verbose, epochs: 2, batchSize: 25, validationSplit: 0.2 })
    return text
  }
  const numbers = String.raw`loss: \d\.\d{4} - accuracy: \d\.\d{4} - val_loss: \d\.\d{4} - val_accuracy: \d\.\d{4}`
  const plain = String.raw`Epoch 1/2\n2/2 [\d.]+s [\d.]+ms/step - ${numbers}\nEpoch 2/2\n2/2 .*\n`

  test('a line an epoch where there is no terminal, or with verbose 2', async () => {
    expect(await shown(false, 1)).toMatch(new RegExp(`^${plain}$`))
    expect(await shown(true, 2)).toMatch(new RegExp(`^${plain}$`))
  })

  test('a bar on a terminal, drawn over itself and never wider', async () => {
    const text = await shown(true, 1)
    expect(text).toMatch(
      new RegExp(String.raw`\r\u001b\[K2/2 ━{20} [\d.]+s [\d.]+ms/step - ${numbers}\nEpoch 2/2\n`),
    )
    const narrow = await shown(true, 1, 60)
    for (const line of narrow.split(/[\r\n]/)) expect(line.replace('\x1b[K', '').length).toBeLessThan(60)
    expect(narrow.replaceAll('\n -', ' -')).toMatch(new RegExp(String.raw`step - ${numbers}\nEpoch 2/2\n`))
  })

  test('nothing with verbose 0', async () => {
    expect(await shown(true, 0)).toBe('')
  })
})
