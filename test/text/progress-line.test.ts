import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Progress, progressLine, progressLines } from '../../src/text/progress-line.ts'
import { visibleWidth } from '../../src/text/width.ts'
import { recorder } from '../support/terminals.ts'

const progress: Progress = {
  head: '12/94',
  fraction: 0.5,
  tail: ['3s left', '39ms/step', '- loss: 0.9068', '- accuracy: 0.6673'],
  longestBar: 10,
}
const at = (columns: number) => recorder({ columns })

describe('on one line', () => {
  test.each([
    [80, '12/94 ━━━━━───── 3s left 39ms/step - loss: 0.9068 - accuracy: 0.6673'],
    [69, '12/94 ━━━━━───── 3s left 39ms/step - loss: 0.9068 - accuracy: 0.6673'],
    [68, '12/94 ━━━━╸──── 3s left 39ms/step - loss: 0.9068 - accuracy: 0.6673'],
    [64, '12/94 ━━╸── 3s left 39ms/step - loss: 0.9068 - accuracy: 0.6673'],
    [63, '12/94 ━━━━━───── 3s left 39ms/step - loss: 0.9068'],
    [44, '12/94 ━━━━━───── 3s left 39ms/step'],
    [30, '12/94 ━━╸── 3s left 39ms/step'],
    [29, '12/94 ━━━━━───── 3s left'],
    [20, '12/94 ━━╸── 3s left'],
    [19, '12/94 3s left'],
    [13, '12/94'],
    [6, '12/94'],
    [5, '12/…'],
    [1, ''],
  ])('of %i columns', (columns, expected) => {
    expect(progressLine(progress, at(columns))).toBe(expected)
  })

  test('in colours where there are any', () => {
    expect(progressLine(progress, recorder({ columns: 24, colors: 4 }))).toBe(
      '12/94 \x1b[32m━━━━╸\x1b[37m────\x1b[0m 3s left',
    )
  })
})

describe('as a whole', () => {
  test.each([
    [64, ['12/94 ━━╸── 3s left 39ms/step - loss: 0.9068 - accuracy: 0.6673']],
    [63, ['12/94 ━━━━━───── 3s left 39ms/step - loss: 0.9068', '  - accuracy: 0.6673']],
    [21, ['12/94 ━━━━━─────', '  3s left 39ms/step', '  - loss: 0.9068', '  - accuracy: 0.6673']],
    [10, ['12/94', '  3s left', '  39ms/s…', '  - loss…', '  - accu…']],
  ])('in %i columns', (columns, expected) => {
    expect(progressLines(progress, at(columns)).split('\n')).toEqual(expected)
  })
})

test('no line is as wide as the terminal', () => {
  const parts = fc.record({
    head: fc.constantFrom('1/9', '12345/67890', 'train-images', '画像'),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    tail: fc.array(fc.constantFrom('3s left', '- loss: 0.1', '- 精度: 0.5', '- a_long_name: 1.2345e-6')),
    longestBar: fc.integer({ min: 1, max: 40 }),
  })
  const colors = fc.constantFrom(1 as const, 8 as const)
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 120 }), colors, (parts, columns, colors) => {
      const to = recorder({ columns, colors })
      const whole = progressLines(parts, to).split('\n')
      for (const line of [progressLine(parts, to), ...whole]) expect(visibleWidth(line)).toBeLessThan(columns)
    }),
  )
})
