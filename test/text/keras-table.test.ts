import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type KerasSummary, kerasSummary } from '../../src/text/keras-table.ts'

const golden = (name: string) =>
  readFileSync(new URL(`../golden/summary-${name}.txt`, import.meta.url), 'utf8')

type Row = readonly [name: string, type: string, outputShape: string, parameters: number | string]

const layers = (rows: readonly Row[]) =>
  rows.map(([name, type, outputShape, parameters]) => ({ name, type, outputShape, parameters }))

/** Experiment 1 where there is no dropout; 3, and without dropout 2, where there are 64 filters. */
function experiment(filters: number, units: number, dropout: boolean): KerasSummary {
  const cells = 13 * 13 * filters
  const counts = [10 * filters, (cells + 1) * units, (units + 1) * 10]
  const rows: Row[] = [
    ['conv2d', 'Conv2D', `(None, 26, 26, ${filters})`, counts[0]],
    ['max_pooling2d', 'MaxPooling2D', `(None, 13, 13, ${filters})`, 0],
    ['flatten', 'Flatten', `(None, ${cells})`, 0],
    ['dense', 'Dense', `(None, ${units})`, counts[1]],
    ['dense_1', 'Dense', '(None, 10)', counts[2]],
  ]
  if (dropout) rows.splice(2, 0, ['dropout', 'Dropout', `(None, 13, 13, ${filters})`, 0])
  return {
    name: 'sequential',
    layers: layers(rows),
    totalParameters: counts[0] + counts[1] + counts[2],
  }
}

const long: KerasSummary = {
  name: 'long_names',
  layers: layers([
    ['pixels_become_numbers_from_zero_to_one', 'Rescaling', '(None, 1024, 1024, 3)', 0],
    ['a_convolution_with_a_name_longer_than_any_column', 'Conv2D', '(None, 1024, 1024, 1234)', 34_552],
    ['word-word and words with spaces, which are broken', 'Conv2D', '(None, 1024, 1024, 5)', 6175],
    ['seventeen_letters', 'MaxPooling2D', '(None, 512, 512, 5)', 0],
    ['sixteen_letters_', 'MaxPooling2D', '(None, 2, 2, 5)', 0],
    ['nineteen_letters_xx', 'Activation', '(None, 2, 2, 5)', 0],
    ['twenty_one_letters_xx', 'Dropout', '(None, 2, 2, 5)', 0],
    ['twenty_two_letters_xxx', 'Flatten', '(None, 20)', 0],
    ['d', 'Dense', '(None, 123456)', 2_592_576],
  ]),
  totalParameters: 2_633_303,
}

const unbuilt: KerasSummary = {
  name: 'sequential',
  layers: layers([
    ['conv2d', 'Conv2D', '?', '0 (unbuilt)'],
    ['max_pooling2d', 'MaxPooling2D', '?', 0],
    ['dropout', 'Dropout', '?', 0],
    ['flatten', 'Flatten', '?', '0 (unbuilt)'],
    ['dense', 'Dense', '?', '0 (unbuilt)'],
    ['dense_1', 'Dense', '?', '0 (unbuilt)'],
  ]),
  totalParameters: 0,
}

const tiny: KerasSummary = {
  name: 'tiny',
  layers: layers([['dense', 'Dense', '(None, 32)', 288]]),
  totalParameters: 288,
  optimizerParameters: 2,
}

const one = experiment(32, 32, false)
const three = experiment(64, 64, true)

test.each<[string, KerasSummary]>([
  ['experiment-1', one],
  ['experiment-2', experiment(64, 64, false)],
  ['experiment-3', three],
  ['experiment-1-trained', { ...one, optimizerParameters: 2 * 173_738 + 2 }],
  ['experiment-3-trained', { ...three, optimizerParameters: 2 * 693_578 + 2 }],
  ['unbuilt', unbuilt],
  ['long-names', long],
  ['tiny-trained', tiny],
  ['wide', { ...three, columns: 120 }],
])('prints %s as Keras does', (name, summary) => {
  expect(kerasSummary(summary)).toBe(golden(name))
})

test('a narrow terminal gets a table that still has room for text', () => {
  const [, top] = kerasSummary({ ...one, columns: 1 }).split('\n')
  expect(top).toBe('┏━━━━━━━━━┳━━━━━━━┳━━━━┓')
})

test('names of wide letters keep the columns aligned', () => {
  const rows = layers([['畳み込み層', 'Conv2D', '(None, 26, 26, 32)', 320]])
  const [, , , , row] = kerasSummary({ name: 'wide', layers: rows, totalParameters: 320 }).split('\n')
  expect(row).toBe('│ 畳み込み層 (Conv2D)             │ (None, 26, 26, 32)     │           320 │')
})
