import { describe, expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts'
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts'
import { loss } from '../../src/losses/losses.ts'
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts'
import { sparseCategoricalCrossentropy } from '../../src/losses/sparse-categorical-crossentropy.ts'

describe('loss', () => {
  test.each([
    ['sparseCategoricalCrossentropy', 'class', { fromLogits: false }],
    ['categoricalCrossentropy', 'values', { fromLogits: false }],
    ['binaryCrossentropy', 'values', { fromLogits: false }],
    ['meanSquaredError', 'values', {}],
  ] as const)('finds %s', (name, target, config) => {
    const found = loss('compile', name)
    expect(found.name).toBe(name)
    expect(found.target).toBe(target)
    expect(found.config).toEqual(config)
  })

  test('takes a loss as it is', () => {
    const own = meanSquaredError()
    expect(loss('compile', own)).toBe(own)
  })

  test('says the name in camelCase where it is given in Python’s spelling', () => {
    expect(() => loss('compile', 'sparse_categorical_crossentropy' as 'meanSquaredError')).toThrow(
      new OptionError(
        'compile',
        'loss',
        'sparse_categorical_crossentropy',
        '"sparseCategoricalCrossentropy" (a Loss or one of "sparseCategoricalCrossentropy", ' +
          '"categoricalCrossentropy", "binaryCrossentropy", "meanSquaredError")',
      ),
    )
  })

  test.each([undefined, null, 3, {}, 'hinge', 'toString', meanSquaredError])('refuses %s', given => {
    expect(() => loss('compile', given as never)).toThrow(/^compile: loss is .*, expected a Loss or one of "/)
    expect(() => loss('compile', given as never)).toThrow(OptionError)
  })
})

describe.each([
  ['sparseCategoricalCrossentropy', sparseCategoricalCrossentropy],
  ['categoricalCrossentropy', categoricalCrossentropy],
  ['binaryCrossentropy', binaryCrossentropy],
])('%s', (name, make) => {
  test('keeps its option as plain JSON', () => {
    expect(make({ fromLogits: true }).config).toEqual({ fromLogits: true })
  })

  test('checks its options', () => {
    expect(() => make({ from_logits: true } as never)).toThrow(
      `${name}: from_logits is true, expected the option fromLogits (options: fromLogits)`,
    )
    expect(() => make({ fromLogits: 1 } as never)).toThrow(`${name}: fromLogits is 1, expected true or false`)
  })
})
