import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DataError, OptionError } from '../../src/errors.ts'
import { runFacts } from '../../src/node/run-facts.ts'
import { writeReport } from '../../src/node/write-report.ts'
import { historyOf } from '../support/histories.ts'
import { readHtml } from '../support/html.ts'
import { reportedTraining } from '../support/reported.ts'
import { tempFolder } from '../support/temp-folder.ts'

const history = historyOf({ loss: [0.5, 0.25] })

describe('writeReport', () => {
  let content: Awaited<ReturnType<typeof reportedTraining>>
  beforeAll(async () => {
    content = await reportedTraining()
  })

  test('writes a whole report, with the facts of the run behind those given', async () => {
    const folder = tempFolder()
    await writeReport(join(folder, 'report.html'), content)
    const elements = readHtml(readFileSync(join(folder, 'report.html'), 'utf8'))
    expect(elements.filter(({ name }) => name === 'figure')).toHaveLength(8)
    const names = elements.filter(({ name }) => name === 'dt').map(({ text }) => text)
    expect(names).toEqual(['Model', 'Loss', 'Optimiser', 'Training', 'Data', ...Object.keys(runFacts())])
    expect(readdirSync(folder)).toEqual(['report.html'])
  })

  test('has the facts that are given in place of those of the run', async () => {
    const file = join(tempFolder(), 'report.html')
    await writeReport(file, { history, facts: { Seed: '0', Date: 'yesterday' } })
    const elements = readHtml(readFileSync(file, 'utf8'))
    const [names, values] = ['dt', 'dd'].map(tag =>
      elements.filter(({ name }) => name === tag).map(({ text }) => text),
    )
    expect(names).toEqual(
      ['Training', 'Seed', ...Object.keys(runFacts()).filter(name => name !== 'Date')].toSpliced(
        2,
        0,
        'Date',
      ),
    )
    expect(values[names.indexOf('Date')]).toBe('yesterday')
  })

  test('refuses what is no content', async () => {
    const file = join(tempFolder(), 'report.html')
    // @ts-expect-error
    await expect(writeReport(file)).rejects.toThrow('writeReport: options is undefined, expected an object')
    const facts = { a: 1 } as never
    await expect(writeReport(file, { history, facts })).rejects.toThrow(
      new OptionError('writeReport', 'facts.a', 1, 'a string'),
    )
  })

  test('says what is wrong with the path, and leaves nothing', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'taken'))
    const nowhere = join(folder, 'nowhere', 'report.html')
    const taken = join(folder, 'taken')
    await expect(writeReport(nowhere, { history })).rejects.toThrow(
      `${nowhere}: cannot be written (there is no folder ${join(folder, 'nowhere')})`,
    )
    const refusal = await writeReport(taken, { history }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(DataError)
    expect(refusal).toMatchObject({ place: { file: taken } })
    expect(readdirSync(folder)).toEqual(['taken'])
    // @ts-expect-error
    await expect(writeReport(7, { history })).rejects.toThrow(
      new OptionError('writeReport', 'file', 7, 'a path, as a string'),
    )
  })

  test('leaves the report that was there where the new one does not fit together', async () => {
    const file = join(tempFolder(), 'report.html')
    await writeReport(file, { history })
    const before = readFileSync(file, 'utf8')
    const evaluation = { yTrue: [0, 1], yPred: [0] }
    await expect(writeReport(file, { history, evaluation })).rejects.toThrow('yTrue has 2 rows and yPred 1')
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
