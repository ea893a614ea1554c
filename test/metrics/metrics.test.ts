import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { accuracy } from '../../src/metrics/accuracy.ts'
import { metric } from '../../src/metrics/metrics.ts'

test.each(['accuracy', 'acc'] as const)('finds accuracy as %s', name => {
  const found = metric('compile', name)
  expect(found.name).toBe('accuracy')
  expect(found.row(2, 0, Float32Array.of(0.1, 0.9), Int32Array.of(1), 'class')).toBe(1)
})

test('takes a metric as it is', () => {
  const own = accuracy()
  expect(metric('compile', own)).toBe(own)
})

test.each([undefined, null, {}, 'auc', 'valueOf', accuracy])('refuses %s', given => {
  expect(() => metric('compile', given as never)).toThrow(
    /^compile: metrics is .*, expected a Metric or one of "accuracy", "acc"$/,
  )
  expect(() => metric('compile', given as never)).toThrow(OptionError)
})
