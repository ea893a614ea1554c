import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Adam, type Callback, DataError, ShapeError, tensor } from 'convnet-ts'
import { decode } from 'fast-png'
import { describe, expect, test, vi } from 'vitest'
import { TensorBoard, type TensorBoardOptions } from '../../../src/node/callbacks/tensor-board.ts'
import { expectSameBits } from '../../support/compare.ts'
import { eventsIn, scalarsIn } from '../../support/event-files.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(50)
const images = {
  x: tensor(
    Float32Array.from(x.data, value => value / 1.5),
    x.shape,
  ),
  y,
}
const quiet = { verbose: 0, batchSize: 10 } as const

/** Trains for three epochs of four steps, with validation. */
async function train(logDir: string, options: TensorBoardOptions = {}, others: Callback[] = []) {
  const model = toyModel()
  const board = new TensorBoard({ logDir, ...options })
  const callbacks = [...others, board]
  const { history } = await model.fit(x, y, { ...quiet, epochs: 3, validationSplit: 0.2, callbacks })
  return { model, history, folders: { train: join(logDir, 'train'), validation: join(logDir, 'validation') } }
}

/** As events keep numbers: by step, in float32. */
const inFloat32 = (values: readonly number[], stepOf = (i: number) => i) =>
  Object.fromEntries(values.map((value, i) => [stepOf(i), Math.fround(value)]))

const tagsIn = (folder: string) => [...new Set(eventsIn(folder).map(({ tag }) => tag))].filter(Boolean).sort()

describe('TensorBoard', () => {
  test('writes the numbers of each epoch under the names that Keras gives', async () => {
    const { history, folders } = await train(tempFolder())
    expect(tagsIn(folders.train)).toEqual(['epoch_accuracy', 'epoch_learning_rate', 'epoch_loss'])
    expect(scalarsIn(folders.train, 'epoch_loss')).toEqual(inFloat32(history.loss))
    expect(scalarsIn(folders.train, 'epoch_accuracy')).toEqual(inFloat32(history.accuracy))
    expect(tagsIn(folders.validation)).toEqual([
      'epoch_accuracy',
      'epoch_loss',
      'evaluation_accuracy_vs_iterations',
      'evaluation_loss_vs_iterations',
    ])
    expect(scalarsIn(folders.validation, 'epoch_loss')).toEqual(inFloat32(history.valLoss))
    expect(scalarsIn(folders.validation, 'epoch_accuracy')).toEqual(inFloat32(history.valAccuracy))
    expect(scalarsIn(folders.validation, 'evaluation_loss_vs_iterations')).toEqual(
      inFloat32(history.valLoss, i => 4 * (i + 1)),
    )
  })

  test('writes what a callback adds to the validation beside it', async () => {
    const adds: Callback = {
      onEpochEnd: (epoch, logs) => {
        logs.valWorstClass = epoch
      },
    }
    const { folders } = await train(tempFolder(), {}, [adds])
    expect(scalarsIn(folders.validation, 'epoch_worst_class')).toEqual({ 0: 0, 1: 1, 2: 2 })
    expect(tagsIn(folders.train)).not.toContain('epoch_val_worst_class')
  })

  test('writes the learning rate of the epoch, and what callbacks before it add', async () => {
    const logDir = tempFolder()
    const model = toyModel()
    const optimizer = new Adam({ learningRate: 0.25 })
    model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer })
    const halve: Callback = {
      onEpochBegin: epoch => {
        optimizer.learningRate = 2 ** -epoch
      },
      onEpochEnd: (epoch, logs) => {
        logs.topTwo = epoch / 2
      },
    }
    await model.fit(x, y, { ...quiet, epochs: 3, callbacks: [halve, new TensorBoard({ logDir })] })
    expect(scalarsIn(join(logDir, 'train'), 'epoch_learning_rate')).toEqual({ 0: 1, 1: 0.5, 2: 0.25 })
    expect(scalarsIn(join(logDir, 'train'), 'epoch_top_two')).toEqual({ 0: 0, 1: 0.5, 2: 1 })
    expect(existsSync(join(logDir, 'validation'))).toBe(false)
  })

  test.each([
    ['batch', 1],
    [1, 1],
    [3, 3],
  ] as const)('updateFreq %s writes the running means of batches', async (updateFreq, every) => {
    const seen: { [step: number]: number } = {}
    let step = 0
    const record: Callback = {
      onBatchEnd: (_, logs) => {
        step++
        if (step % every === 0) seen[step] = Math.fround(logs.accuracy)
      },
    }
    const { folders } = await train(tempFolder(), { updateFreq }, [record])
    expect(Object.keys(seen)).toHaveLength(12 / every)
    expect(scalarsIn(folders.train, 'batch_accuracy')).toEqual(seen)
    expect(tagsIn(folders.train)).toContain('batch_loss')
  })

  test('resumed in the middle of an epoch, counts steps on from there', async () => {
    const options = { ...quiet, epochs: 3, batchSize: 12, validationSplit: 0.2 } as const
    const folders = [tempFolder(), tempFolder(), tempFolder()]
    const [whole, first, rest] = folders.map(logDir => new TensorBoard({ logDir, updateFreq: 'batch' }))
    await toyModel().fit(x, y, { ...options, callbacks: [whole] })
    const model = toyModel()
    const stop: Callback = {
      onBatchEnd: () => {
        if (model.getTrainingState().optimizer!.steps === 6) throw new Error('interrupted')
      },
    }
    // The board behind it is told of the sixth step when it goes on.
    const interrupted = model.fit(x, y, { ...options, callbacks: [stop, first] })
    await expect(interrupted).rejects.toThrow('interrupted')
    const resumeFrom = model.getTrainingState()
    await model.fit(x, y, { ...options, callbacks: [{}, rest], resumeFrom })
    for (const [folder, tag] of [
      ['train', 'batch_loss'],
      ['validation', 'evaluation_loss_vs_iterations'],
    ]) {
      const [all, before, after] = folders.map(logDir => scalarsIn(join(logDir, folder), tag))
      expect({ ...before, ...after }).toEqual(all)
      expect(Object.keys(before).concat(Object.keys(after))).toEqual(Object.keys(all))
    }
  })

  test('histogramFreq writes a histogram of each weight', async () => {
    const { model, folders } = await train(tempFolder(), { histogramFreq: 2 })
    const events = eventsIn(folders.train).filter(({ plugin }) => plugin === 'histograms')
    const tags = ['conv2d/kernel', 'conv2d/bias', 'dense/kernel', 'dense/bias'].map(
      name => `${name}/histogram`,
    )
    expect(events.map(({ tag, step }) => `${tag} ${step}`)).toEqual([
      ...tags.map(tag => `${tag} 0`),
      ...tags.map(tag => `${tag} 2`),
    ])
    // Those of the last epoch are of the weights that the model has now.
    for (const [i, { data }] of model.getWeights().entries()) {
      const { numbers } = events[4 + i]
      expect([numbers[0], numbers[88]]).toEqual([Math.min(...data), Math.max(...data)])
      expect(numbers.filter((_, at) => at % 3 === 2).reduce((sum, count) => sum + count)).toBe(data.length)
    }
  })

  test('shows images with predictions as a PNG an epoch', async () => {
    const { folders } = await train(tempFolder(), {
      images: { ...images, count: 4, classNames: ['a', 'b', 'c'] },
    })
    const events = eventsIn(folders.train).filter(({ plugin }) => plugin === 'images')
    expect(events.map(({ tag, step }) => [tag, step])).toEqual([0, 1, 2].map(epoch => ['predictions', epoch]))
    for (const { bytes } of events) {
      const png = decode(bytes[2])
      expect(bytes.slice(0, 2).map(text => Number(Buffer.from(text)))).toEqual([png.width, png.height])
      expect(new Set(png.data).size).toBeGreaterThan(10)
    }
  })

  test('changes nothing about the training', async () => {
    const { model } = await train(tempFolder(), {
      histogramFreq: 1,
      updateFreq: 1,
      images: { ...images, count: 2 },
    })
    const alone = toyModel()
    await alone.fit(x, y, { ...quiet, epochs: 3, validationSplit: 0.2 })
    for (const [i, { data }] of alone.getWeights().entries()) expectSameBits(model.getWeights()[i].data, data)
  })

  test('writes new files each time, and counts steps afresh', async () => {
    const logDir = tempFolder()
    const callbacks = [new TensorBoard({ logDir, updateFreq: 5 })]
    for (let run = 0; run < 2; run++) await toyModel().fit(x, y, { ...quiet, callbacks })
    const folder = join(logDir, 'train')
    expect(readdirSync(folder)).toHaveLength(2)
    const steps = eventsIn(folder).flatMap(({ tag, step }) => (tag === 'batch_loss' ? [step] : []))
    expect(steps).toEqual([5, 5])
  })
})

describe('what has been written', () => {
  test('is in the files when an epoch ends', async () => {
    const logDir = tempFolder()
    const found: number[] = []
    const look: Callback = {
      onEpochEnd: () => void found.push(Object.keys(scalarsIn(join(logDir, 'train'), 'epoch_loss')).length),
    }
    const callbacks = [new TensorBoard({ logDir }), look]
    await toyModel().fit(x, y, { ...quiet, epochs: 3, callbacks })
    expect(found).toEqual([1, 2, 3])
  })

  test('is in the files where training is aborted', async () => {
    const logDir = tempFolder()
    const controller = new AbortController()
    const abort: Callback = {
      onBatchEnd: batch => (batch === 2 ? controller.abort(new Error('enough')) : undefined),
    }
    const callbacks = [new TensorBoard({ logDir, updateFreq: 'batch' }), abort]
    const fit = toyModel().fit(x, y, { ...quiet, callbacks, signal: controller.signal })
    await expect(fit).rejects.toThrow('enough')
    expect(Object.keys(scalarsIn(join(logDir, 'train'), 'batch_loss'))).toEqual(['1', '2', '3'])
  })

  test('is in the files after ten seconds of a long epoch', async () => {
    const logDir = tempFolder()
    const board = new TensorBoard({ logDir, updateFreq: 1 })
    const params = { epochs: 1, steps: 9, rows: 9, batchSize: 1, names: ['loss'] }
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    await board.onTrainBegin(params, toyModel())
    clock.mockReturnValue(9_999)
    await board.onBatchEnd(0, { loss: 0.5 })
    expect(scalarsIn(join(logDir, 'train'), 'batch_loss')).toEqual({})
    clock.mockReturnValue(10_001)
    await board.onBatchEnd(1, { loss: 0.25 })
    clock.mockRestore()
    expect(scalarsIn(join(logDir, 'train'), 'batch_loss')).toEqual({ 1: 0.5, 2: 0.25 })
  })
})

describe('TensorBoard refuses', () => {
  /** The error with which `fit` ends, and whether that was before its first step. */
  async function failure(options: TensorBoardOptions) {
    const model = toyModel()
    const before = model.getWeights()
    const callbacks = [new TensorBoard(options)]
    const error = await model
      .fit(x, y, { ...quiet, validationSplit: 0.2, callbacks })
      .catch((thrown: unknown) => thrown)
    for (const [i, { data }] of model.getWeights().entries()) expectSameBits(data, before[i].data)
    return error as Error
  }

  test('a folder that cannot be written to, before the first step', async () => {
    const logDir = join(tempFolder(), 'logs')
    writeFileSync(logDir, '')
    const error = await failure({ logDir })
    expect(error).toBeInstanceOf(DataError)
    expect(error.message).toContain(`${join(logDir, 'train')}: cannot take event files (`)
    rmSync(logDir)
    await train(logDir)
    rmSync(join(logDir, 'validation'), { recursive: true })
    writeFileSync(join(logDir, 'validation'), '')
    expect((await failure({ logDir })).message).toContain(
      `${join(logDir, 'validation')}: cannot take event files (`,
    )
  })

  test('images that do not fit the model, before anything is written', async () => {
    const logDir = join(tempFolder(), 'logs')
    const wide = tensor(new Uint8Array(90), [1, 9, 10, 1])
    expect(await failure({ logDir, images: { x: wide } })).toBeInstanceOf(ShapeError)
    const classNames = ['a', 'b']
    expect((await failure({ logDir, images: { x: images.x, classNames } })).message).toBe(
      'TensorBoard: images: classNames is ["a", "b"], expected a name for each of the 3 classes of the model',
    )
    expect(existsSync(logDir)).toBe(false)
  })

  test('files that are removed while it runs, and leaves the weights of the last step', async () => {
    const logDir = tempFolder()
    const remove: Callback = {
      onEpochBegin: epoch => (epoch === 1 ? rmSync(join(logDir, 'train'), { recursive: true }) : undefined),
    }
    await expect(train(logDir, {}, [remove])).rejects.toThrow(/v2: is gone$/)
  })

  test('options that it does not know or that are out of range', () => {
    const refuse = (options: object, option: string, message: string) =>
      expectRefusal(() => new TensorBoard(options), 'TensorBoard', option, message)
    refuse({ log_dir: 'logs' }, 'log_dir', 'the option logDir')
    refuse({ logDir: 1 }, 'logDir', 'a path')
    refuse({ histogramFreq: -1 }, 'histogramFreq', 'a whole number of at least 0')
    for (const updateFreq of ['batches', 0, 1.5, null])
      refuse({ updateFreq }, 'updateFreq', "'epoch', 'batch' or a whole number of at least 1")
    const refuseImages = (given: object, option: string, message: string) =>
      expectRefusal(() => new TensorBoard({ images: given as never }), 'TensorBoard: images', option, message)
    refuseImages(null as never, 'options', 'an object')
    refuseImages({ x, labels: y }, 'labels', 'no option of this name')
    refuseImages({ x: [1, 2] }, 'x', 'a tensor')
    refuseImages({ x, y: [0, 1] }, 'y', '50 classes, one for each image')
    refuseImages({ x, count: 0 }, 'count', 'a whole number from 1 to 1000')
  })
})
