import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { classificationReport } from '../../src/metrics/classification-report.ts'
import { formatClassificationReport } from '../../src/metrics/format-classification-report.ts'

const report = classificationReport([0, 0, 1], [0, 1, 1], { classNames: ['Bag', '👟 shoe'] })

test('aligns names by characters, not by UTF-16 units', () => {
  const lines = formatClassificationReport(report).split('\n')
  expect(lines[2]).toBe('         Bag       1.00      0.50      0.67         2')
  expect(lines[3]).toBe('      👟 shoe       0.50      1.00      0.67         1')
})

test('checks its options', () => {
  for (const digits of [-1, 1.5, 101, Number.NaN])
    expect(() => formatClassificationReport(report, { digits })).toThrow(OptionError)
  expect(() => formatClassificationReport(report, { digit: 2 } as never)).toThrow(OptionError)
})

test('has as many classes as it is given', () => {
  const scores = { precision: 1, recall: 1, f1: 1, support: 1 }
  const classes = Array.from({ length: 200_000 }, (_, i) => ({ name: String(i), ...scores }))
  expect(formatClassificationReport({ ...report, classes }).split('\n')[2 + 199_999]).toMatch(/^ +199999 /)
})
