import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Callback, DataError, type Metric, readCsv } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { CSVLogger, type CSVLoggerOptions } from '../../src/node/csv-logger.ts'
import { expectSameBits } from '../support/compare.ts'
import { expectRefusal } from '../support/refusals.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { toyData, toyModel } from '../support/toy.ts'

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

  test('keeps to the columns of the file, in their order, and ends its last line', async () => {
    const file = newFile()
    writeFileSync(file, '\ufeff"val_loss",loss,other,epoch,accuracy\r\n1,2,3,4,5')
    const { loss, accuracy } = await train(file, { append: true }, [], 0)
    const added = loss.map((value, epoch) => `NA,${value},NA,${epoch},${accuracy[epoch]}\n`).join('')
    expect(textOf(file)).toBe(`\ufeff"val_loss",loss,other,epoch,accuracy\r\n1,2,3,4,5\n${added}`)
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
