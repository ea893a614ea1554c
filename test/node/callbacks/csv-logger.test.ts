import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Callback, DataError, type Metric, readCsv, type TrainingState } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { CSVLogger, type CSVLoggerOptions } from '../../../src/node/callbacks/csv-logger.ts'
import { expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(50)
const quiet = { verbose: 0, batchSize: 10 } as const
const textOf = (file: string) => readFileSync(file, 'utf8')
const newFile = () => join(tempFolder(), 'log.csv')

async function train(
  file: string,
  options: CSVLoggerOptions = {},
  others: Callback[] = [],
  validationSplit = 0.2,
) {
  const model = toyModel()
  const callbacks = [...others, new CSVLogger(file, options)]
  const { history } = await model.fit(x, y, { ...quiet, epochs: 3, validationSplit, callbacks })
  return history
}

/** The rows that an epoch each should have. */
function rows(history: { [name: string]: number[] }, names: readonly string[]): string {
  return history.loss
    .map((_, epoch) => `${[epoch, ...names.map(name => history[name][epoch])].join(',')}\n`)
    .join('')
}

const header = 'epoch,accuracy,loss,val_accuracy,val_loss\n'
const names = ['accuracy', 'loss', 'valAccuracy', 'valLoss']

describe('CSVLogger', () => {
  test('writes a row an epoch, in full precision, under a sorted header', async () => {
    const file = join(tempFolder(), 'deep', 'er', 'log.csv')
    const history = await train(file)
    expect(textOf(file)).toBe(header + rows(history, names))
    const table = await readCsv(file, { cache: false })
    expectSameBits(
      table.values.pick(null, 2).data.filter((_, i) => i % 5 === 2),
      history.loss,
    )
  })

  test('begins afresh where there is a file, and with each fit', async () => {
    const file = newFile()
    writeFileSync(file, 'old')
    const logger = new CSVLogger(file)
    for (let run = 0; run < 2; run++) {
      const { history } = await toyModel().fit(x, y, { ...quiet, callbacks: [logger] })
      expect(textOf(file)).toBe(`epoch,accuracy,loss\n${rows(history, ['accuracy', 'loss'])}`)
    }
  })

  test('has each row in the file when its epoch ends, and the header before', async () => {
    const file = newFile()
    const lines: number[] = []
    const count = () => void lines.push(textOf(file).split('\n').length - 1)
    const callbacks = [new CSVLogger(file), { onEpochBegin: count, onEpochEnd: count }]
    await toyModel().fit(x, y, { ...quiet, epochs: 2, callbacks })
    expect(lines).toEqual([1, 2, 2, 3])
  })

  test('takes another separator, and quotes it', async () => {
    const file = newFile()
    const history = await train(file, { separator: ';' })
    expect(textOf(file)).toBe((header + rows(history, names)).replaceAll(',', ';'))
    // A letter is a poor separator, but the file is still one.
    await train(file, { separator: 'c' })
    expect(textOf(file).split('\n')[0]).toBe('"epoch"c"accuracy"clossc"val_accuracy"cval_loss')
  })

  test('has the columns of the first epoch: later ones are dropped, missing ones are NA', async () => {
    const file = newFile()
    const adds: Callback = {
      onEpochEnd: (epoch, logs) => {
        if (epoch !== 1) logs.learningRate = 2 ** -epoch
        if (epoch > 0) logs.late = 1
      },
    }
    const history = await train(file, {}, [adds], 0)
    const [first, second, third] = [0, 1, 2].map(epoch => `${epoch},${history.accuracy[epoch]}`)
    expect(textOf(file)).toBe(
      'epoch,accuracy,learning_rate,loss\n' +
        `${first},1,${history.loss[0]}\n${second},NA,${history.loss[1]}\n${third},0.25,${history.loss[2]}\n`,
    )
  })

  test("spells a metric's name as Keras does", async () => {
    const file = newFile()
    const meanOutput: Metric = { name: 'meanOutput', row: () => 0.5 }
    const model = toyModel()
    model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: [meanOutput] })
    const { history } = await model.fit(x, y, { ...quiet, callbacks: [new CSVLogger(file)] })
    expect(textOf(file)).toBe(`epoch,loss,mean_output\n0,${history.loss[0]},0.5\n`)
  })
})

describe('append', () => {
  test('continues a file under its header', async () => {
    const file = newFile()
    const first = await train(file, { append: true })
    const second = await train(file, { append: true })
    expect(textOf(file)).toBe(header + rows(first, names) + rows(second, names))
  })

  test('keeps to the columns of the file, in their order', async () => {
    const file = newFile()
    const earlier = '\ufeff"val_loss",loss,other,epoch,accuracy\r\n1,2,3,4,5\n'
    writeFileSync(file, earlier)
    const { loss, accuracy } = await train(file, { append: true }, [], 0)
    const added = loss.map((value, epoch) => `NA,${value},NA,${epoch},${accuracy[epoch]}\n`).join('')
    expect(textOf(file)).toBe(earlier + added)
  })

  test.each([
    ['ends a header that does not end its line', 'epoch,accuracy,loss', 'epoch,accuracy,loss\n'],
    ['drops a torn row', 'epoch,accuracy,loss\n0,0.5,0.75\n1,0.5,0.', 'epoch,accuracy,loss\n0,0.5,0.75\n'],
    ['drops a torn first row', 'epoch,accuracy,loss\n0', 'epoch,accuracy,loss\n'],
  ])('%s', async (_, found, kept) => {
    const file = newFile()
    writeFileSync(file, found)
    const history = await train(file, { append: true }, [], 0)
    expect(textOf(file)).toBe(kept + rows(history, ['accuracy', 'loss']))
  })

  test('refuses a header with a name twice', async () => {
    const file = newFile()
    writeFileSync(file, 'epoch,accuracy,loss,loss\n')
    const error = await failure(file, { append: true })
    expect(error.place).toEqual({ file, row: 1, column: 'loss' })
    expect(error.message).toContain('cannot be continued: its header has this name twice')
    expect(textOf(file)).toBe('epoch,accuracy,loss,loss\n')
  })

  test('begins a file that is empty', async () => {
    const file = newFile()
    writeFileSync(file, '')
    const history = await train(file, { append: true })
    expect(textOf(file)).toBe(header + rows(history, names))
  })

  test('refuses a file without the columns of this run, before the first step', async () => {
    const file = newFile()
    writeFileSync(file, 'epoch,accuracy,loss\n0,1,2\n')
    const error = await failure(file, { append: true })
    expect(error.place).toEqual({ file, row: 1 })
    expect(error.message).toBe(
      `${file}, row 1: cannot be continued: its header is epoch,accuracy,loss, without val_accuracy and val_loss, ` +
        'which this run writes',
    )
    expect((await failure(file, { append: true, separator: ';' })).message).toContain('without epoch')
    expect(textOf(file)).toBe('epoch,accuracy,loss\n0,1,2\n')
  })
})

describe('a fit that is resumed', () => {
  const shortHeader = 'epoch,accuracy,loss\n'
  const options = { ...quiet, epochs: 4 }
  const shortRows = (history: { [name: string]: number[] }) => rows(history, ['accuracy', 'loss'])

  /** Where a model stands that has been trained; its rows are written to the file. */
  async function stateAt(file: string, epoch: number, batch: number, logger: CSVLoggerOptions) {
    const model = toyModel()
    const states: TrainingState[] = []
    const look: Callback = {
      onEpochBegin: now => {
        if (now === epoch && batch === 0) states.push(model.getTrainingState())
      },
      onBatchEnd: done => {
        if (done + 1 === batch) states.push(model.getTrainingState())
      },
    }
    const callbacks = [look, new CSVLogger(file, logger)]
    const { history } = await model.fit(x, y, { ...options, callbacks })
    return { state: states.at(batch === 0 ? 0 : epoch)!, history }
  }

  const resume = (file: string, resumeFrom: TrainingState, logger: CSVLoggerOptions) => {
    const callbacks = [{}, new CSVLogger(file, logger)]
    return toyModel().fit(x, y, { ...options, resumeFrom, callbacks })
  }

  test.each([
    [2, 0, false],
    [2, 3, false],
    [2, 5, true],
    [0, 5, true],
    [0, 2, false],
    [3, 1, true],
  ])('in epoch %i behind step %i has every row once (append: %s)', async (epoch, batch, append) => {
    const file = newFile()
    const earlier = append ? `${shortHeader}0,1,2\n1,1,2\n2,1,2\n3,1,2\n4,1,2\n` : ''
    writeFileSync(file, earlier)
    const { state, history } = await stateAt(file, epoch, batch, { append })
    const whole = (earlier || shortHeader) + shortRows(history)
    expect(textOf(file)).toBe(whole)
    await resume(file, state, { append })
    expect(textOf(file)).toBe(whole)
  })

  test('drops a torn row as well, and goes on where rows are missing', async () => {
    const file = newFile()
    const { state, history } = await stateAt(file, 2, 0, {})
    const lines = (shortHeader + shortRows(history)).split('\n')
    writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n${lines[3].slice(0, -3)}`)
    await resume(file, state, {})
    expect(textOf(file)).toBe(lines.join('\n'))
    writeFileSync(file, `${lines.slice(0, 2).join('\n')}\n`)
    await resume(file, state, {})
    expect(textOf(file)).toBe([...lines.slice(0, 2), ...lines.slice(3)].join('\n'))
    rmSync(file)
    await resume(file, state, {})
    expect(textOf(file)).toBe([lines[0], ...lines.slice(3)].join('\n'))
  })

  test('in its first epoch, before it has rows, leaves those of other runs to append', async () => {
    const file = newFile()
    const { state, history } = await stateAt(newFile(), 0, 2, {})
    const earlier = `${shortHeader}0,1,2\n1,1,2\n`
    writeFileSync(file, earlier)
    await resume(file, state, { append: true })
    expect(textOf(file)).toBe(earlier + shortRows(history))
    await resume(file, state, {})
    expect(textOf(file)).toBe(shortHeader + shortRows(history))
  })

  test('refuses a file of another run', async () => {
    const file = newFile()
    const { state } = await stateAt(newFile(), 2, 0, {})
    writeFileSync(file, 'epoch,loss\n0,2\n')
    await expect(resume(file, state, {})).rejects.toThrow('its header is epoch,loss, without accuracy')
    expect(textOf(file)).toBe('epoch,loss\n0,2\n')
  })
})

describe('a file stays as it is where training does not begin', () => {
  test.each([{}, { append: true }])('%o', async options => {
    const file = newFile()
    const earlier = 'epoch,accuracy,loss\n0,1,2\n1,1,'
    writeFileSync(file, earlier)
    const refuse: Callback = { onTrainBegin: () => Promise.reject(new Error('no')) }
    const callbacks = [new CSVLogger(file, options), refuse]
    await expect(toyModel().fit(x, y, { ...quiet, callbacks })).rejects.toThrow('no')
    expect(textOf(file)).toBe(earlier)
  })
})

/** The error with which `fit` ends before its first step. */
async function failure(file: string, options: CSVLoggerOptions = {}): Promise<DataError> {
  const model = toyModel()
  const before = model.getWeights()
  const callbacks = [new CSVLogger(file, options)]
  const error = await model
    .fit(x, y, { ...quiet, validationSplit: 0.2, callbacks })
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  for (const [i, { data }] of model.getWeights().entries()) expectSameBits(data, before[i].data)
  return error as DataError
}

describe('CSVLogger refuses', () => {
  test('a path that cannot be written, before the first step', async () => {
    const folder = join(tempFolder(), 'folder')
    mkdirSync(folder)
    for (const append of [false, true]) {
      const { message } = await failure(folder, { append })
      expect(message).toBe(`${folder}: is a folder, a pipe or a device, expected a file`)
    }
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect((await failure(join(file, 'log.csv'))).message).toMatch(
      /log\.csv: cannot be written \(E(NOTDIR|NOENT)/,
    )
  })

  test.skipIf(!existsSync('/dev/null'))('a device', async () => {
    expect((await failure('/dev/null')).message).toContain('is a folder, a pipe or a device')
  })

  test('to go on where the file is removed', async () => {
    const file = newFile()
    const remove: Callback = { onEpochBegin: epoch => (epoch === 1 ? rmSync(file) : undefined) }
    await expect(train(file, {}, [remove])).rejects.toThrow(`${file}: is gone`)
  })

  test('options that it does not know or that are out of range', () => {
    const refuse = (options: object, option: string, message: string) =>
      expectRefusal(() => new CSVLogger('log.csv', options), 'CSVLogger', option, message)
    refuse({ delimiter: ',' }, 'delimiter', 'no option of this name')
    refuse({ append: 1 }, 'append', 'true or false')
    for (const separator of ['', ', ', '"', '\n', '\r', 1])
      refuse({ separator }, 'separator', 'one character, no quote and no line end')
    expectRefusal(() => new CSVLogger(1 as never), 'CSVLogger', 'file', 'a path')
  })
})
