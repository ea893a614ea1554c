import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { garments, History, setTerminal, terminal } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { closingTable, formatClosingTable, sentences } from '../../examples/fashion-mnist/closing-table.ts'
import { experiments } from '../../examples/fashion-mnist/experiments.ts'
import { readOptions } from '../../examples/fashion-mnist/options.ts'
import { historyWriter, prepareFolder, writePictures } from '../../examples/fashion-mnist/output.ts'
import { predictionGrid } from '../../examples/fashion-mnist/prediction-grid.ts'
import { runExample } from '../support/example.ts'
import { writeSet } from '../support/idx-files.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { recorder } from '../support/terminals.ts'

/** As `npm start -- …` does. */
const run = (...args: string[]) => runExample('fashion-mnist/main.ts', ...args)

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))

const historyKeys = ['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds', 'valSeconds', 'data']
const summaryKeys = [
  'experiment',
  'parameters',
  'epochs',
  'seconds',
  'accuracy',
  'loss',
  'valAccuracy',
  'valLoss',
  'testAccuracy',
  'testLoss',
  'data',
  'facts',
]

describe('the three experiments on a few drawn garments', () => {
  test('print every step of the notebook, and write what they print', () => {
    const folder = tempFolder()
    const out = join(folder, 'new/folder')
    writeSet(folder, garments({ train: 150, test: 40 }), 150, 40)
    const args = ['--data', folder, '--out', out, '--train-rows', '100', '--batch-size', '8', '--epochs', '2']
    const { stdout, stderr, status } = run(...args)
    expect(stderr).toBe('')
    expect(status).toBe(0)

    const ofEach = (n: number) => [
      `Experiment ${n}: build`,
      `Model: "experiment_${n}"`,
      `Total params: ${n === 1 ? '173,738' : '693,578'}`,
      `Experiment ${n}: train`,
      'Epoch 1/2 - 10/10 ',
      'Epoch 2/2 - 10/10 ',
      `Experiment ${n}: test`,
      'Test loss: ',
      'Test accuracy: ',
      '✗ marks wrong ones',
      'Confusion matrix',
      'T-shi  Trous  Pullo  Dress  Coat  Sanda  Shirt  Sneak  Bag  Ankle',
      'as shares of each true class',
      'Misclassified: ',
      'precision    recall  f1-score   support',
    ]
    const data = `100 of the 150 training images of official IDX files in ${folder}`
    const steps = [
      'Backend: ',
      `Data: official IDX files in ${folder}\n`,
      'label  pixel1  pixel2',
      'Training data: (150, 785)',
      'Test data: (40, 785)',
      'RangeIndex: 150 entries, 0 to 149',
      'Labels, as they first appear: ',
      'Training image ',
      `Data: ${data}\n80 to train on, 20 for validation, 40 to test on`,
      ...[1, 2, 3].flatMap(ofEach),
      `Compare\n───────\nData: ${data}`,
      'This run had 2 epochs of 80 images',
      `Written to ${out}`,
    ]
    let from = 0
    for (const step of steps) {
      const at = stdout.indexOf(step, from)
      expect(at, `${step} is missing, or in another place`).toBeGreaterThanOrEqual(0)
      from = at + step.length
    }
    expect(stdout).not.toContain('\x1b')
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/)

    const summary = readJson(out, 'summary.json')
    expect(summary.map(({ experiment }: { experiment: number }) => experiment)).toEqual([1, 2, 3])
    expect(readdirSync(out).sort()).toEqual([
      ...['experiment-1', 'experiment-2', 'experiment-3', 'report.html', 'summary.json'],
      ...['validation-accuracy.svg', 'validation-loss.svg'],
    ])
    for (const [i, entry] of summary.entries()) {
      expect(Object.keys(entry)).toEqual(summaryKeys)
      expect(entry).toMatchObject({ parameters: i === 0 ? 173_738 : 693_578, epochs: 2, data })
      const history = readJson(out, `experiment-${i + 1}`, 'history.json')
      expect(readdirSync(join(out, `experiment-${i + 1}`)).sort()).toEqual([
        ...['accuracy.svg', 'class-scores.svg', 'confusion-counts.svg', 'confusion-shares.svg'],
        ...['feature-maps.svg', 'filters.svg', 'history.json', 'loss.svg', 'model.safetensors'],
        'predictions.svg',
      ])
      expect(history.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2])
      for (const epoch of history) {
        expect(Object.keys(epoch)).toEqual(historyKeys)
        expect(epoch.data).toBe(data)
        for (const name of ['accuracy', 'valAccuracy']) expect(epoch[name]).toBeGreaterThanOrEqual(0)
        for (const name of ['accuracy', 'valAccuracy']) expect(epoch[name]).toBeLessThanOrEqual(1)
        for (const name of ['loss', 'valLoss', 'seconds', 'valSeconds'])
          expect(epoch[name]).toBeGreaterThan(0)
        const [loss, accuracy] = [epoch.valLoss.toFixed(4), epoch.valAccuracy.toFixed(4)]
        expect(stdout).toContain(` - val_loss: ${loss} - val_accuracy: ${accuracy}\n`)
      }
      const { loss, accuracy, valLoss, valAccuracy } = entry
      expect(history[1]).toMatchObject({ loss, accuracy, valLoss, valAccuracy })
      expect(history[1].loss).toBeLessThan(history[0].loss)
      const spent = history.map((h: { seconds: number; valSeconds: number }) => h.seconds + h.valSeconds)
      expect(entry.seconds).toBeCloseTo(spent[0] + spent[1], 10)

      const part = stdout.split(`Experiment ${i + 1}: test`)[1]
      expect(part).toContain(`Test loss: ${entry.testLoss.toFixed(4)}\n`)
      expect(part).toContain(`Test accuracy: ${entry.testAccuracy.toFixed(4)}\n`)
      expect(part).toContain(`Misclassified: ${(100 * (1 - entry.testAccuracy)).toFixed(2)} % of 40`)
      checkPredictions(part, entry.testAccuracy)
      const perEpoch = [1500, 5000, 3500][i] / 50 / ((entry.seconds / 2) * (48_000 / 80))
      const times = `${perEpoch.toFixed(perEpoch < 9.95 ? 1 : 0)} ×`
      expect(stdout).toMatch(new RegExp(`experiment ${i + 1} +2 .* ${times}\n {2}the notebook +50 `))
    }

    const again = run(...args, '--experiment', '2')
    expect(again.status).toBe(0)
    const folders = [1, 3].map(number => join(out, `experiment-${number}`))
    expect(again.stdout).toContain(`Of an earlier run, as it has left them: ${folders.join(', ')}\n`)
    expect(stdout).not.toContain('Of an earlier run')
    // All but the clock's.
    const { seconds, facts, ...same } = summary[1]
    const { Date: _, ...sameFacts } = facts
    expect(readJson(out, 'summary.json')).toMatchObject([{ ...same, facts: sameFacts }])
    expect(again.stdout).toMatch(/ the notebook +50 +0\.9882 +0\.918 +0\.305 +5000 s\n/)
  })

  /** Holds the grid of predictions and the two matrices against the accuracy. */
  function checkPredictions(text: string, testAccuracy: number): void {
    const grid = text.split('marks wrong ones:\n\n')[1].split('Confusion')[0].split('\n')
    expect(grid).toHaveLength(6 * 3 + 1)
    let wrong = 0
    for (let row = 0; row < 6; row++) {
      for (let column = 0; column < 6; column++) {
        const cell = (line: string) => line.slice(13 * column, 13 * column + 13).trimEnd()
        const [predicted, label] = [cell(grid[3 * row]), cell(grid[3 * row + 1])]
        expect(predicted.startsWith('✗')).toBe(predicted.slice(1) !== label.slice(1))
        expect(label.slice(1)).toMatch(/^[A-Z]/)
        if (predicted.startsWith('✗')) wrong++
      }
    }
    const misses = Math.round((1 - testAccuracy) * 40)
    expect(wrong).toBeLessThanOrEqual(misses)
    expect(wrong).toBeGreaterThanOrEqual(misses - 4)

    const [counts, shares] = [...text.matchAll(/Ankle\n((?:.+\n){10})/g)].map(([, rows]) =>
      rows!
        .trimEnd()
        .split('\n')
        .map(row => row.slice(11).trim().split(/ +/).map(Number)),
    )
    expect(counts!.reduce((sum, row, i) => sum + row[i], 0) / 40).toBeCloseTo(testAccuracy, 9)
    for (const [i, row] of counts!.entries()) {
      expect(row.reduce((a, b) => a + b)).toBe(4)
      expect(shares![i]).toEqual(row.map(count => Number((count / 4).toFixed(2))))
    }
  }
})

test('learns drawn garments', () => {
  const folder = tempFolder()
  writeSet(folder, garments({ train: 1000, test: 200 }), 1000, 200)
  const out = join(folder, 'out')
  const settings = ['--experiment', '1', '--epochs', '2', '--batch-size', '16']
  const { status } = run('--data', folder, '--out', out, ...settings)
  expect(status).toBe(0)
  const [{ accuracy, testAccuracy, testLoss, data }, ...others] = readJson(out, 'summary.json')
  expect(others).toEqual([])
  expect(accuracy).toBeGreaterThan(0.7)
  expect(testAccuracy).toBeGreaterThan(0.75)
  expect(testLoss).toBeLessThan(0.8)
  expect(data).toBe(`official IDX files in ${folder}`)
})

describe('the closing table', () => {
  const result = {
    experiment: 3,
    parameters: 693_578,
    epochs: 50,
    seconds: 350,
    accuracy: 0.96,
    loss: 0.1,
    valAccuracy: 0.9,
    valLoss: 0.3,
    testAccuracy: 0.91,
    testLoss: 0.3,
    data: 'some data',
    facts: {},
  }

  test('compares whole runs where this one was as long as the notebook’s', () => {
    expect(formatClosingTable(closingTable([result], 48_000, true)).split('\n')).toEqual([
      '                epochs  train accuracy  test accuracy  test loss  run time  speed-up',
      'experiment 3        50          0.9600          0.910      0.300     350 s      10 ×',
      '  the notebook      50          0.9679          0.916      0.283    3500 s',
      '',
      "The notebook's run times are rounded, and were measured on an unknown computer.",
    ])
  })

  test('has sentences on who is best, and on who has learnt by heart', () => {
    const run = (experiment: number, testAccuracy: number, valLoss: number[]) => {
      const history = Object.assign(new History(), { history: { valLoss } })
      const own = { ...result, experiment, testAccuracy, valLoss: valLoss.at(-1)! }
      return { result: own, history } as unknown as Parameters<typeof sentences>[0][number]
    }
    expect(sentences([run(1, 0.91, [0.5, 0.3]), run(2, 0.92, [0.4, 0.25, 0.31])])).toEqual([
      'On images that no training has seen, experiment 2 is right most often: 92.00 % of the time.',
      'The validation loss of experiment 2 was lowest after epoch 2, at 0.2500, and ended at 0.3100, while the training loss ' +
        'fell to 0.1000: what was learnt after that holds for the training images more than for others.',
    ])
    expect(sentences([run(3, 0.9, [0.5, 0.4])])).toEqual([])
  })

  test('says what cannot be compared', () => {
    const text = formatClosingTable(closingTable([{ ...result, epochs: 1, seconds: 3.5 }], 24_000, false))
    expect(text).toMatch(/experiment 3 +1 .* 3\.5 s +10 ×\n/)
    expect(text).toContain('This run had 1 epoch of 24,000 images,\nthe notebook 50 of 48,000')
    expect(text).toContain('This run used generated drawings')
  })
})

describe('the grid of predictions', () => {
  const { test: six, classNames } = garments({ train: 10, test: 6 })
  const predicted = Uint8Array.from(six.labels, (label, i) => (i === 1 ? (label + 1) % 10 : label))
  const names = Array.from(six.labels, label => classNames[label]!)
  const taken = Array.from(predicted, label => classNames[label]!)

  test('shows the images where the terminal can, wrong ones in red', () => {
    const before = terminal()
    setTerminal(recorder({ isTTY: true, columns: 120, colors: 24 }))
    try {
      const lines = predictionGrid(six, predicted, classNames).split('\n')
      expect(lines.slice(0, 9).map(line => line.match(/▀+/g)!.length >= 6)).toEqual(new Array(9).fill(true))
      expect(lines[9]).toContain(`\x1b[31m✗ ${taken[1]}\x1b[39m`)
      const plain = (line: string) => line.replaceAll(/[^ -~✗]\[\d*m/g, '')
      const cells = [0, 20, 40, 60, 80, 100]
      const texts = (line: string) =>
        cells.map(at =>
          plain(line)
            .slice(at, at + 18)
            .trimEnd(),
        )
      expect(texts(lines[9]!)).toEqual(taken.map((name, i) => (i === 1 ? `✗ ${name}` : name)))
      expect(texts(lines[10]!)).toEqual(names)
    } finally {
      setTerminal(before)
    }
  })

  test('has names alone elsewhere', () => {
    const [predictions, truths, ...others] = predictionGrid(six, predicted, classNames).split('\n')
    expect(predictions!.split(/ {2,}/).map(name => name.trim())).toEqual(
      taken.map((name, i) => (i === 1 ? `✗${name}` : name)),
    )
    expect(truths!.trim().split(/ {2,}/)).toEqual(names)
    expect(others).toEqual([''])
  })
})

describe('the command line', () => {
  test('has defaults, and takes the options that the help lists', () => {
    expect(readOptions([])).toEqual({
      experiments,
      epochs: 50,
      batchSize: 512,
      seed: 0,
      data: undefined,
      out: 'runs/fashion-mnist',
      resume: false,
      png: false,
      live: false,
      trainRows: undefined,
      turbo: undefined,
      numerics: undefined,
      threads: undefined,
    })
    const all = [
      ...'--experiment=3 --epochs 7 --batch-size 64 --seed 7 --data a --out b --train-rows 20'.split(' '),
      ...'--numerics strict --threads 3 --turbo --resume --png --live'.split(' '),
    ]
    expect(readOptions(all)).toEqual({
      experiments: [experiments[2]],
      epochs: 7,
      batchSize: 64,
      seed: 7,
      data: 'a',
      out: 'b',
      resume: true,
      png: true,
      live: true,
      trainRows: 20,
      turbo: true,
      numerics: 'strict',
      threads: 3,
    })
    expect(readOptions(['--no-turbo'])!.turbo).toBe(false)
    const { stdout, status } = run('--help')
    expect(status).toBe(0)
    for (const option of all.filter(arg => arg.startsWith('--')))
      expect(stdout).toMatch(new RegExp(`^  ${option.split('=')[0]}[ ,]`, 'm'))
  })

  test.each([
    [['--epochs', '0'], '--epochs is "0", expected a whole number of at least 1'],
    [['--epochs', '2.5'], '--epochs is "2.5", expected a whole number of at least 1'],
    [['--epochs', '-1'], '--epochs is "-1", expected a whole number of at least 1'],
    [['--epochs'], '--epochs is "", expected a whole number of at least 1'],
    [['--batch-size', '--seed', '1'], '--batch-size is "--seed", expected a whole number of at least 1'],
    [['--seed', '1e3'], '--seed is "1e3", expected a whole number of at least 0'],
    [['--train-rows', '1'], '--train-rows is "1", expected a whole number of at least 2'],
    [['--experiment', '4'], '--experiment is "4", expected 1, 2, 3 or all'],
    [['--numerics', 'loose'], '--numerics is "loose", expected fast or strict'],
    [['--threads', '0'], '--threads is "0", expected a whole number from 1 to 64'],
    [['--threads', '99'], '--threads is "99", expected a whole number from 1 to 64'],
    [['--live', '8080'], 'an argument is "8080", expected only options'],
    [['--turbo=off'], '--turbo is "off", expected nothing behind it'],
    [['--out='], '--out is "", expected a folder'],
    [['--learning-rate', '1'], 'an option is "--learning-rate", expected one of --experiment, '],
    [['5'], 'an argument is "5", expected only options: --experiment, '],
  ])('refuses %s', (args, message) => {
    expect(() => readOptions(args)).toThrow(`npm start: ${message}`)
  })

  test('says what is wrong in one line: exit code 2 for options, 1 for data', () => {
    const folder = tempFolder()
    writeSet(folder, garments({ train: 10, test: 2 }), 10, 2)
    const inTheWay = join(folder, 'file')
    writeFileSync(inTheWay, '')
    const found = [
      run('--epochs', 'many'),
      run('--out', inTheWay),
      run('--data', folder, '--train-rows', '11', '--out', join(folder, 'out')),
      run('--data', join(folder, 'nothing'), '--out', join(folder, 'out')),
    ].map(({ status, stderr }) => `${status} ${stderr}`)
    expect(found[0]).toBe('2 npm start: --epochs is "many", expected a whole number of at least 1\n')
    expect(found[1]).toMatch(
      /^2 npm start: --out is ".*", expected a folder that can be written to \(.*\)\n$/,
    )
    expect(found[2]).toBe('2 npm start: --train-rows is 11, expected at most 10, which the data has\n')
    expect(found[3]).toMatch(
      /^2 npm start: --data is ".*nothing", expected a folder with Fashion-MNIST \(.*no Fashion-MNIST found, .*\)\n$/,
    )
    expect(existsSync(join(folder, 'out/summary.json'))).toBe(false)
  })
})

describe('the folder for the results', () => {
  const prepare = (out: string, png = false) => prepareFolder({ ...readOptions([])!, out, png })

  test.each(['summary.json', 'report.html', 'validation-loss.svg', 'experiment-2/filters.svg'])(
    'is refused where a folder is in the way of %s',
    async name => {
      const folder = tempFolder()
      mkdirSync(join(folder, name), { recursive: true })
      await expect(prepare(folder)).rejects.toThrow(/^npm start: --out is .* is a folder\)$/)
      expect(readdirSync(join(folder, name))).toEqual([])
    },
  )

  test('is refused where a file is in the way', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'file'), '')
    for (const name of ['file', 'file/under']) {
      await expect(prepare(join(folder, name))).rejects.toThrow(/^npm start: --out is /)
    }
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('')
  })

  test('minds PNGs where they are wanted', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'experiment-3/loss.png'), { recursive: true })
    await prepare(folder)
    await expect(prepare(folder, true)).rejects.toThrow('loss.png is a folder')
  })

  test('keeps the files of an earlier run until there is something to replace them with', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'summary.json'), '[1]')
    await prepare(folder)
    expect(readJson(folder, 'summary.json')).toEqual([1])
    expect(readdirSync(folder)).toHaveLength(4)
    expect(readdirSync(join(folder, 'experiment-1'))).toEqual([])
  })

  test('has the PNGs of an earlier run drawn anew, and no others', async () => {
    const folder = tempFolder()
    const svg = (color: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2" fill="${color}"/></svg>`
    const readPng = (name: string) => readFileSync(join(folder, `${name}.png`))
    await writePictures(folder, { loss: svg('red') }, true)
    const before = readPng('loss')
    await writePictures(folder, { loss: svg('blue'), accuracy: svg('red') }, false)
    expect(readdirSync(folder).sort()).toEqual(['accuracy.svg', 'loss.png', 'loss.svg'])
    expect(readFileSync(join(folder, 'loss.svg'), 'utf8')).toContain('blue')
    expect(readPng('loss').equals(before)).toBe(false)
    await writePictures(folder, { loss: svg('red') }, true)
    expect(readPng('loss').equals(before)).toBe(true)
  })

  test('has a whole history after each epoch', async () => {
    const out = tempFolder()
    const [experiment] = experiments
    await prepare(out)
    const history = new History()
    const writer = historyWriter(out, experiment!, history, 'some data')
    const model = {} as Parameters<NonNullable<typeof writer.onEpochEnd>>[2]
    for (let epoch = 0; epoch < 3; epoch++) {
      const logs = { loss: 3 - epoch, accuracy: 0.1 * epoch, valLoss: 4 - epoch, valAccuracy: 0.2 }
      history.onEpochEnd(epoch, logs)
      await writer.onEpochEnd!(epoch, logs, model)
      const written = readJson(out, 'experiment-1', 'history.json')
      expect(written).toHaveLength(epoch + 1)
      expect(written[epoch]).toMatchObject({ epoch: epoch + 1, ...logs, data: 'some data' })
    }
    expect(readdirSync(join(out, 'experiment-1'))).toEqual(['history.json'])
  })
})
