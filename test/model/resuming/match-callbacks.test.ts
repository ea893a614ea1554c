import type { Callback } from 'convnet-ts'
import { expect, test } from 'vitest'
import { matchCallbacks } from '../../../src/model/resuming/match-callbacks.ts'

const keeping = (type?: string): Callback => ({
  ...(type === undefined ? {} : { type }),
  getState: () => 1,
  setState: () => {},
})
const snapshots = (...types: readonly string[]) => types.map(type => ({ type, state: 1 }))

test.each([
  ['in the same order', ['A', 'B', 'C'], ['A', 'B', 'C'], [0, 1, 2]],
  ['in another', ['A', 'B', 'C'], ['C', 'A', 'B'], [1, 2, 0]],
  ['with another in front', ['A', 'B'], ['X', 'A', 'B'], [1, 2]],
  ['without one', ['A', 'B', 'C'], ['A', 'C'], [0, -1, 1]],
  ['two of a type', ['A', 'A', 'B'], ['A', 'B', 'A'], [0, 2, 1]],
  ['two, where there is one', ['A', 'A', 'B'], ['A', 'B'], [0, -1, 1]],
  ['two without a type', ['', ''], [undefined, 'A', undefined], [0, 2]],
])('%s', (_, saved, now, expected) => {
  expect(matchCallbacks(snapshots(...saved), now.map(keeping))).toEqual(expected)
})

test('a state is not given to a callback that keeps none', () => {
  const silent: Callback = { type: 'A' }
  expect(matchCallbacks(snapshots('A'), [silent, keeping('A')])).toEqual([1])
  expect(matchCallbacks([{ type: 'A', state: null }], [keeping('A'), silent])).toEqual([1])
  expect(matchCallbacks(snapshots('A'), [{ type: 'A', getState: () => 1 }])).toEqual([-1])
})
