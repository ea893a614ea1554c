import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { OptionError } from '../src/errors.ts'
import {
  checkOptions,
  delimiter,
  finite,
  flag,
  fraction,
  nonNegative,
  oneOf,
  pair,
  positive,
  wholeNumber,
} from '../src/options.ts'

function refusal(check: () => unknown): OptionError {
  try {
    check()
  } catch (error) {
    if (error instanceof OptionError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('checkOptions', () => {
  const known = ['learningRate', 'beta1']

  test('lets known options pass', () => {
    checkOptions('Adam', { learningRate: 0.1, beta1: 0.9 }, known)
    checkOptions('Adam', {}, known)
    checkOptions('Adam', Object.create(null), known)
    checkOptions('Adam', runInNewContext('({ beta1: 0 })'), known)
  })

  test('suggests the camelCase name of an option in Python’s spelling', () => {
    const error = refusal(() => checkOptions('Adam', { learning_rate: 0.01 }, known))
    expect(error.message).toBe(
      'Adam: learning_rate is 0.01, expected the option learningRate (options: learningRate, beta1)',
    )
    expect(error.owner).toBe('Adam')
    expect(error.option).toBe('learning_rate')
    expect(refusal(() => checkOptions('Adam', { beta_1: 0 }, known)).message).toContain('the option beta1')
  })

  test('names what is known where nothing like it was meant', () => {
    expect(refusal(() => checkOptions('Adam', { decay: 1 }, known)).message).toBe(
      'Adam: decay is 1, expected no option of this name (options: learningRate, beta1)',
    )
  })

  test('does not take names from the prototype for known ones', () => {
    expect(refusal(() => checkOptions('Adam', { toString: 1 }, known)).option).toBe('toString')
  })

  test.each([null, [0.1], 0.1, 'fast', new Map(), new Date(0), () => {}])(
    'refuses %o for the object of options',
    options => {
      expect(refusal(() => checkOptions('Adam', options as object, known)).option).toBe('options')
    },
  )
})

describe('oneOf', () => {
  const choices = ['valid', 'same'] as const

  test('gives back a choice', () => {
    expect(oneOf('Conv2D', 'padding', 'same', choices)).toBe('same')
  })

  test('names the choices', () => {
    const full = 'full' as 'same'
    expect(refusal(() => oneOf('Conv2D', 'padding', full, choices)).message).toBe(
      'Conv2D: padding is "full", expected one of "valid", "same"',
    )
    expect(refusal(() => oneOf('Conv2D', 'padding', undefined as never, choices)).message).toContain(
      'padding is undefined',
    )
  })

  test('names the choice that was meant, and what else may be given', () => {
    const snake = 'mean_squared_error' as 'meanSquaredError'
    expect(refusal(() => oneOf('compile', 'loss', snake, ['meanSquaredError'], 'a Loss')).message).toBe(
      'compile: loss is "mean_squared_error", expected "meanSquaredError" (a Loss or one of "meanSquaredError")',
    )
  })
})

const strange = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  '1',
  null,
  undefined,
  [1],
  true,
]

describe('numbers', () => {
  test('finite', () => {
    for (const good of [0, -1, 1e300]) expect(finite('Rescaling', 'scale', good)).toBe(good)
    for (const bad of strange)
      expect(refusal(() => finite('Rescaling', 'scale', bad as number)).message).toMatch(
        /^Rescaling: scale is .*, expected a finite number$/,
      )
  })

  test('positive', () => {
    for (const good of [1, 1e-300, 0.5]) expect(positive('Adam', 'learningRate', good)).toBe(good)
    for (const bad of [0, -0, -1, ...strange])
      expect(refusal(() => positive('Adam', 'learningRate', bad as number)).option).toBe('learningRate')
  })

  test('nonNegative', () => {
    for (const good of [0, 1, 1e-300]) expect(nonNegative('Adam', 'learningRate', good)).toBe(good)
    for (const bad of [-1e-300, -1, ...strange])
      expect(refusal(() => nonNegative('Adam', 'learningRate', bad as number)).message).toMatch(
        /^Adam: learningRate is .*, expected a finite number of at least 0$/,
      )
  })

  test('fraction', () => {
    for (const good of [0, 0.17, 1 - 2 ** -53]) expect(fraction('Dropout', 'rate', good)).toBe(good)
    for (const bad of [1, 1.5, -0.1, ...strange])
      expect(refusal(() => fraction('Dropout', 'rate', bad as number)).option).toBe('rate')
    expect(refusal(() => fraction('Dropout', 'rate', 1)).message).toBe(
      'Dropout: rate is 1, expected a number of at least 0 and less than 1',
    )
  })

  test('wholeNumber', () => {
    for (const good of [2, 3, 2 ** 53 - 1]) expect(wholeNumber('Dense', 'units', good, { min: 2 })).toBe(good)
    for (const bad of [1, 0, -2, 2.5, 2 ** 53, ...strange])
      expect(refusal(() => wholeNumber('Dense', 'units', bad as number, { min: 2 })).message).toMatch(
        /^Dense: units is .*, expected a whole number of at least 2$/,
      )
    expect(wholeNumber('report', 'digits', 100, { min: 0, max: 100 })).toBe(100)
    expect(refusal(() => wholeNumber('report', 'digits', 101, { min: 0, max: 100 })).message).toBe(
      'report: digits is 101, expected a whole number from 0 to 100',
    )
  })
})

test('delimiter', () => {
  for (const good of [',', ';', '\t', '|']) expect(delimiter('readCsv', 'delimiter', good)).toBe(good)
  for (const bad of ['', ',,', '"', '\r', '\n', 1, null])
    expect(refusal(() => delimiter('readCsv', 'delimiter', bad as never)).message).toMatch(
      /^readCsv: delimiter is .*, expected one character, no quote and no line end$/,
    )
})

test('flag', () => {
  expect(flag('Dense', 'useBias', false)).toBe(false)
  expect(flag('Dense', 'useBias', true)).toBe(true)
  for (const bad of [0, 1, 'false', null, undefined])
    expect(refusal(() => flag('Dense', 'useBias', bad as never)).option).toBe('useBias')
})

describe('pair', () => {
  test('takes one number for both directions, or two', () => {
    expect(pair('Conv2D', 'kernelSize', 3)).toEqual([3, 3])
    expect(pair('Conv2D', 'kernelSize', [3, 5])).toEqual([3, 5])
  })

  test('keeps nothing of the caller’s array', () => {
    const size: [number, number] = [3, 5]
    const kept = pair('Conv2D', 'kernelSize', size)
    size[0] = 7
    expect(kept).toEqual([3, 5])
  })

  test.each([[0], [[3]], [[3, 3, 3]], [[3, 0]], [[3, 1.5]], [[3, Number.NaN]], ['3'], [undefined], [null]])(
    'refuses %j',
    bad => {
      expect(refusal(() => pair('Conv2D', 'kernelSize', bad as never)).message).toMatch(
        /^Conv2D: kernelSize is .*, expected a whole number of at least 1, or two of them: \[height, width\]$/,
      )
    },
  )
})

test('an option that belongs on the model is sent there', () => {
  expect(() => checkOptions('Conv2D', { inputShape: [28, 28, 1] }, ['filters'])).toThrow(
    'Conv2D: inputShape is [28, 28, 1], expected it on the model: new Sequential(layers, { inputShape })',
  )
})
