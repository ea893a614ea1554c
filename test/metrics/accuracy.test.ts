import { describe, expect, test } from 'vitest'
import { accuracy } from '../../src/metrics/accuracy.ts'

const { row } = accuracy()
/** Whether each of the rows is right. */
const rows = (size: number, output: number[], target: number[], kind: 'class' | 'values') =>
  Array.from({ length: output.length / size }, (_, n) =>
    row(size, n, Float32Array.from(output), Float32Array.from(target), kind),
  )

describe('accuracy', () => {
  test('of classes: the largest output is that class’s, the first of equals', () => {
    const output = [0.1, 0.7, 0.2, 0.7, 0.1, 0.2, 0.4, 0.4, 0.2, 0.4, 0.4, 0.2]
    expect(rows(3, output, [1, 2, 0, 1], 'class')).toEqual([1, 0, 1, 0])
  })

  test('of values: the largest output is where the largest value is', () => {
    const output = [0.1, 0.7, 0.2, 0.7, 0.1, 0.2]
    expect(rows(3, output, [0, 1, 0, 0.1, 0.2, 0.7], 'values')).toEqual([1, 0])
  })

  test.each(['class', 'values'] as const)(
    'of one output: above 0.5 is yes, for targets that are %s',
    kind => {
      expect(rows(1, [0.51, 0.5, 0.2, 0.9, Number.NaN], [1, 1, 0, 0, 1], kind)).toEqual([1, 0, 1, 0, 0])
      expect(rows(1, [0.9], [0.9], kind)).toEqual([0])
    },
  )
})
