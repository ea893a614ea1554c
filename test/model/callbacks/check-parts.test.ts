import {
  type Callback,
  EarlyStopping,
  History,
  ModelCheckpoint,
  type Plain,
  ReduceLROnPlateau,
  ResumeError,
} from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { checkParts } from '../../../src/model/callbacks/check-parts.ts'
import { fields, nullOr, number, text } from '../../../src/schema.ts'

const schema = fields<{ a: number; b: string | null }>({ a: number, b: nullOr(text) })

test('takes what has all its parts', () => {
  for (const b of ['text', null]) expect(() => checkParts('Owner', { a: 1, b }, schema)).not.toThrow()
})

test('lists all that is wrong', () => {
  expect(() => checkParts('Owner', { a: '1', c: 2 }, schema)).toThrow(
    'Owner: cannot go on from this training state:\n' +
      '- Owner.a is "1", expected a number\n- Owner.b is undefined, expected a text\n- Owner.c is not expected',
  )
  for (const state of [null, 5, [], new Float32Array(1)]) {
    expect(() => checkParts('Owner', state, schema)).toThrow(/- Owner is .*, expected an object$/)
  }
})

const weights = [
  { path: 'dense/kernel', shape: [2, 3] },
  { path: 'dense/bias', shape: [3] },
]
const arrays = [new Float32Array(6).fill(0.5), new Float32Array(3)]
const stopping = { best: 0.5, bestEpoch: 1, stoppedEpoch: 0, wait: 2, bestWeights: arrays }
const plateau = { best: 0.5, wait: 2, cooling: 0 }
const saved = { epoch: 1, logs: { loss: 0.5 }, weights: arrays, shapes: [[2, 3], [3]] }
const checkpoint = { best: null, seen: 3, savedFile: 'run/1', saved }
const history = {
  epoch: [0, 1],
  history: { loss: Float64Array.of(0.5, Number.NaN) },
  seconds: Float64Array.of(1, 2),
  valSeconds: Float64Array.of(0, 0),
  passed: [1, 2, 3],
  testSeconds: 0,
}
const badArrays = [
  null,
  [arrays[0]],
  [arrays[0], new Float32Array(4)],
  [arrays[0], new Float64Array(3)],
  [arrays[0], Float32Array.of(0, Number.NaN, 0)],
]

describe.each<[string, () => Callback, object, readonly (readonly [part: string, value: unknown])[]]>([
  [
    'EarlyStopping',
    () => new EarlyStopping({ restoreBestWeights: true }),
    stopping,
    [
      ['best', '1'],
      ['bestEpoch', -1],
      ['stoppedEpoch', 0.5],
      ['wait', Number.NaN],
      ['wait', undefined],
      ...badArrays.slice(1).map(bad => ['bestWeights', bad] as const),
    ],
  ],
  [
    'ReduceLROnPlateau',
    () => new ReduceLROnPlateau(),
    plateau,
    [
      ['best', 'low'],
      ['wait', -1],
      ['cooling', 1.5],
    ],
  ],
  [
    'ModelCheckpoint',
    () => new ModelCheckpoint(),
    checkpoint,
    [
      ['best', false],
      ['seen', -1],
      ['savedFile', 7],
      ['saved', {}],
      ['saved', { ...saved, epoch: 1.5 }],
      ['saved', { ...saved, logs: { loss: 'low' } }],
      ['saved', { ...saved, weights: [arrays[0], 5] }],
      ['saved', { ...saved, shapes: [[2, 3]] }],
      ['saved', { ...saved, shapes: [[3, 3], [3]] }],
    ],
  ],
  [
    'History',
    () => new History(),
    history,
    [
      ['epoch', [0]],
      ['epoch', [0, -1]],
      ['history', { loss: [0.5] }],
      ['seconds', Float64Array.of(1)],
      ['valSeconds', [0, 0]],
      ['passed', null],
      ['testSeconds', '0'],
    ],
  ],
])('%s', (owner, make, state, bad) => {
  test('takes its own state and gives it again', () => {
    const one = make()
    expect(() => one.checkState!(state as Plain, weights)).not.toThrow()
    one.setState!(structuredClone(state) as Plain)
    const { passed: _, ...expected } = state as { passed?: unknown }
    expect(one.getState!()).toMatchObject(expected)
    const fresh = make().getState!()
    expect(() => make().checkState!(fresh, weights)).not.toThrow()
  })

  test.each(bad)('refuses another %s: %j', (part, value) => {
    const one = make()
    const { passed: _, ...before } = one.getState!() as { passed?: unknown }
    const spoilt = { ...state, [part]: value } as Plain
    expect(() => one.checkState!(spoilt, weights)).toThrow(
      part === 'saved' ? /saved|tensor/ : `${owner}.${part}`,
    )
    expect(one.getState!()).toMatchObject(before)
  })

  test('refuses no state, and names itself', () => {
    for (const act of [() => make().setState!({}), () => make().checkState!({}, weights)]) {
      expect(act).toThrow(ResumeError)
      expect(act).toThrow(owner)
    }
  })
})
