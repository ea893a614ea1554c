import { expect, test } from 'vitest'
import { template } from '../../src/text/template.ts'
import { expectRefusal } from '../support/refusals.ts'

const filled = (text: string, numbers: { [name: string]: number }) =>
  template('Owner', 'option', text).fill(numbers)

test.each([
  ['run', {}, 'run'],
  ['{a}-{b}', { a: 1, b: 0.125 }, '1-0.125'],
  ['{epoch:03d}{epoch}', { epoch: 7 }, '0077'],
  ['{epoch:02d}', { epoch: 123 }, '123'],
  // As Python rounds, half to even.
  ['{valLoss:.2f} {valLoss:.0f}', { valLoss: 0.125 }, '0.12 0'],
  ['{{epoch}} {{{epoch}}}', { epoch: 2 }, '{epoch} {2}'],
  ['{loss}', { loss: Number.NaN }, 'NaN'],
])('%j with %j is %j', (text, numbers, expected) => {
  expect(filled(text, numbers as { [name: string]: number })).toBe(expected)
})

test('tells the names of its places', () => {
  expect(template('Owner', 'option', '{b}-{a:02d}-{{c}}-{b:.1f}').names).toEqual(['b', 'a', 'b'])
})

test.each(['{', 'a}', '{}', '{1}', '{epoch:2d}', '{loss:f}', '{loss:.4}', '{lo ss}', '{{}'])(
  'refuses %j',
  text => {
    expectRefusal(
      () => template('Owner', 'option', text),
      'Owner',
      'option',
      'expected places such as {epoch}',
    )
  },
)

test('refuses a number that there is none of', () => {
  const fill = () => filled('{loss} {toString}', { loss: 1, epoch: 2 })
  expectRefusal(fill, 'Owner', 'option', 'expected places for numbers that there are: "loss", "epoch"')
})
