import { expect, test } from 'vitest'
import type { Figure } from '../../../bench/support/answer.ts'
import {
  figureTable,
  share,
  tableMarkdown,
  tableText,
  threeDigits,
  times,
} from '../../../bench/support/format.ts'

test('numbers have about three digits', () => {
  const numbers = [0, 3, 48000, 1234.4, 123.4, 12.34, 1.234, 0.1234, 0.01234, 0.00000123]
  expect(numbers.map(threeDigits)).toEqual([
    '0',
    '3',
    '48000',
    '1234',
    '123',
    '12.3',
    '1.23',
    '0.123',
    '0.0123',
    '0.000001',
  ])
  expect(share(0.753)).toBe('75 %')
  expect(times(7.312)).toBe('7.31×')
})

const table = {
  title: 'Epochs',
  header: ['who', 's', 'of peak', 'note'],
  rows: [
    ['convnet-ts', 1.234, '60 %', ''],
    ['somebody', null, '5 %', '2 threads'],
  ],
}

test('the terminal has numbers set to the right', () => {
  expect(tableText(table)).toBe(
    [
      'Epochs',
      '',
      'who            s  of peak  note',
      'convnet-ts  1.23     60 %',
      'somebody       –      5 %  2 threads',
    ].join('\n'),
  )
})

test('Markdown has them too', () => {
  expect(tableMarkdown(table)).toBe(
    [
      '**Epochs**',
      '',
      '| who | s | of peak | note |',
      '| --- | ---: | ---: | --- |',
      '| convnet-ts | 1.23 | 60 % |  |',
      '| somebody | – | 5 % | 2 threads |',
    ].join('\n'),
  )
})

test('figures stand beside their targets', () => {
  const figures: Figure[] = [
    { name: 'share', value: 74.9, unit: '%', atLeast: 75 },
    { name: 'ratio', value: 3.5, unit: '×', atLeast: 3.5 },
    { name: 'memory', value: 600.5, unit: 'MB', atMost: 600 },
    { name: 'accuracy', value: 0.912, unit: '', atLeast: 0.9, atMost: 0.925 },
    { name: 'too good', value: 0.95, unit: '', atLeast: 0.9, atMost: 0.925 },
  ]
  expect(figureTable(figures).rows).toEqual([
    ['share', '74.9 %', '≥ 75 %', 'missed'],
    ['ratio', '3.50×', '≥ 3.50×', 'reached'],
    ['memory', '601 MB', '≤ 600 MB', 'missed'],
    ['accuracy', '0.912', '0.900 to 0.925', 'reached'],
    ['too good', '0.950', '0.900 to 0.925', 'missed'],
  ])
})
