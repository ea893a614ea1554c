import { OptionError } from 'convnet-ts'
import { expect, test } from 'vitest'
import { environmentOptions } from '../../src/node/environment.ts'

test('each variable chooses its option', () => {
  expect(
    environmentOptions({
      CONVNET_KERNELS: 'reference',
      CONVNET_NUMERICS: 'fast',
      CONVNET_THREADS: '3',
      CONVNET_TURBO: 'on',
      CONVNET_RELAXED_SIMD: 'off',
      CONVNET_FUSION: 'off',
      PATH: 'x',
    }),
  ).toEqual({
    kernels: 'reference',
    numerics: 'fast',
    threads: 3,
    turbo: true,
    relaxedSimd: false,
    fusion: false,
  })
})

test('a variable that is empty or missing chooses nothing', () => {
  expect(environmentOptions({ CONVNET_THREADS: '', CONVNET_TURBO: 'off' })).toEqual({ turbo: false })
  expect(environmentOptions({})).toEqual({})
})

test.each([
  ['CONVNET_KERNELS', 'gpu', '"gpu", expected one of "simd", "reference"'],
  ['CONVNET_NUMERICS', 'exact', '"exact", expected one of "strict", "fast"'],
  ['CONVNET_THREADS', 'two', '"two", expected a whole number from 1 to 64'],
  ['CONVNET_THREADS', '0', '0, expected a whole number from 1 to 64'],
  ['CONVNET_THREADS', '1e1', '"1e1", expected a whole number from 1 to 64'],
  ['CONVNET_TURBO', 'true', '"true", expected "on" or "off"'],
  ['CONVNET_RELAXED_SIMD', '1', '"1", expected "on" or "off"'],
  ['CONVNET_FUSION', 'ON', '"ON", expected "on" or "off"'],
])('names %s where it is %j', (name, value, problem) => {
  expect(() => environmentOptions({ [name]: value })).toThrow(OptionError)
  expect(() => environmentOptions({ [name]: value })).toThrow(`the environment: ${name} is ${problem}`)
})
