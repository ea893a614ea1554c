import { expect, test } from 'vitest'
import { alignedTable } from '../../src/text/aligned-table.ts'

test('columns are as wide as their widest cell, numbers to the right, no spaces at the end', () => {
  const rows = [
    ['conv2d', '320'],
    ['dense', '173,088'],
    ['none', ''],
  ]
  expect(alignedTable(['layer', 'weights'], rows, [1])).toBe(
    ['layer   weights', 'conv2d      320', 'dense   173,088', 'none'].join('\n'),
  )
  expect(alignedTable(['a'], [])).toBe('a')
})

test('has as many rows as it is given', () => {
  const rows = Array.from({ length: 200_000 }, (_, row) => [String(row)])
  expect(alignedTable(['row'], rows, [0]).split('\n').at(-1)).toBe('199999')
})

test('aligns by what is seen: wide letters, accents of their own, colours', () => {
  const rows = [
    ['運動靴', '\x1b[31m0.81\x1b[0m'],
    ['cafe\u0301', '0.9'],
  ]
  expect(alignedTable(['class', 'recall'], rows, [1]).split('\n')).toEqual([
    'class   recall',
    '運動靴    \x1b[31m0.81\x1b[0m',
    'cafe\u0301       0.9',
  ])
})
