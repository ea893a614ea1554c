import {
  EarlyStopping,
  History,
  ModelCheckpoint,
  type Plain,
  ReduceLROnPlateau,
  ResumeError,
} from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { checkState } from '../../../src/model/callbacks/check-state.ts'

const good = {
  a: 1,
  b: null,
  c: new Float64Array(2),
  d: [1, 2],
  e: [new Float32Array(1)],
  f: { x: new Float64Array(1) },
  g: { x: 1 },
  h: 'text',
}
const parts = {
  a: 'number',
  b: 'number?',
  c: 'numbers',
  d: 'list of numbers',
  e: 'list of arrays',
  f: 'arrays by name',
  g: 'numbers by name',
  h: 'text?',
} as const

test('takes what has all its parts', () => {
  expect(() => checkState('Owner', good, parts)).not.toThrow()
})

test.each([
  ['a', null, 'a was null, expected number'],
  ['b', '1', 'b was "1", expected number or null'],
  ['c', [1], 'c was [1], expected numbers'],
  ['d', [1, null], 'd was [1, null], expected list of numbers'],
  ['e', [[1]], 'e was [[1]], expected list of arrays'],
  ['f', { x: [1] }, 'f was an object (Object), expected arrays by name'],
  ['g', [1], 'g was [1], expected numbers by name'],
  ['h', 5, 'h was 5, expected text or null'],
])('refuses another %s: %j', (name, value, message) => {
  const state = { ...good, [name]: value } as Plain
  expect(() => checkState('Owner', state, parts)).toThrow(message)
})

test('lists all that is wrong', () => {
  for (const state of [null, 5, [], new Float32Array(1)]) {
    expect(() => checkState('Owner', state, { a: 'number', h: 'text' })).toThrow(
      'a was undefined, expected number\n- h was undefined, expected text',
    )
  }
})

describe.each([
  ['EarlyStopping', () => new EarlyStopping()],
  ['ReduceLROnPlateau', () => new ReduceLROnPlateau()],
  ['ModelCheckpoint', () => new ModelCheckpoint()],
  ['History', () => new History()],
])('%s', (owner, make) => {
  test('takes its own state and gives it again', () => {
    const state = make().getState()
    const other = make()
    other.setState(structuredClone(state) as never)
    const { passed: _, ...found } = other.getState() as { passed?: unknown }
    expect(state).toMatchObject(found)
  })

  test('refuses another, and names itself', () => {
    const set = () => make().setState({} as never)
    expect(set).toThrow(ResumeError)
    expect(set).toThrow(owner)
  })
})
