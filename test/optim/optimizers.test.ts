import { expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import { Adam } from '../../src/optim/adam.ts'
import { optimizer } from '../../src/optim/optimizers.ts'
import { SGD } from '../../src/optim/sgd.ts'

test('makes a new optimiser by its name', () => {
  expect(optimizer('compile', 'adam')).toBeInstanceOf(Adam)
  expect(optimizer('compile', 'sgd')).toBeInstanceOf(SGD)
  expect(optimizer('compile', 'sgd').name).toBe('sgd')
  expect(optimizer('compile', 'adam')).not.toBe(optimizer('compile', 'adam'))
})

test('takes an optimiser as it is', () => {
  const own = new SGD()
  expect(optimizer('compile', own)).toBe(own)
})

test.each([undefined, null, {}, 'rmsprop', 'constructor', Adam])('refuses %s', given => {
  expect(() => optimizer('compile', given as never)).toThrow(
    /^compile: optimizer is .*, expected an Optimizer or one of "adam", "sgd"$/,
  )
  expect(() => optimizer('compile', given as never)).toThrow(OptionError)
})

test('knows Adam in capitals for what is meant', () => {
  expect(() => optimizer('compile', 'Adam' as 'adam')).toThrow('optimizer is "Adam", expected "adam"')
})
