import { expect, test } from 'vitest'
import type { Bits } from '../../bench/bits/train.ts'
import { answerOf } from '../../bench/bits.ts'

const info: Bits['info'] = {
  kernels: 'simd',
  numerics: 'strict',
  threads: 2,
  relaxedSimd: true,
  revectorized: false,
  fusion: true,
  tile: '4×8',
  engine: 'an engine',
}

function trained(engine: string, ...experiments: string[]) {
  const bits: Bits = { experiments, all: experiments.join('').padEnd(64, '0'), info, said: '' }
  return { engine, version: '1.2', bits }
}

const missing = [{ engine: 'Firefox', missing: 'spawn firefox-esr ENOENT; apt-get install firefox-esr' }]

test('equal bits, and an engine that is not there', () => {
  const { tables } = answerOf([trained('Node 20', 'a', 'b', 'c'), trained('Node 22', 'a', 'b', 'c')], missing)
  const ran = 'WebAssembly SIMD, strict, 2 threads, 4×8 tiles'
  expect(tables[0].rows).toEqual([
    ['Node 20', '1.2', ran, 'abc0000000000000', 'yes', ''],
    ['Node 22', '1.2', ran, 'abc0000000000000', 'yes', ''],
    ['Firefox', null, null, null, null, `not there: ${missing[0].missing}`],
  ])
})

test('other bits are an error that names the engine and the experiments, with the table', () => {
  const all = [
    trained('Node 20', 'a', 'b', 'c'),
    trained('Node 22', 'a', 'x', 'y'),
    trained('X', 'a', 'b', 'c'),
  ]
  const answer = () => answerOf(all, missing)
  expect(answer).toThrow(/^Node 22 1.2 \(WebAssembly SIMD, .*\) has other bits in experiments 2, 3\n\n/)
  expect(answer).toThrow(/^Node 22 .* axy0000000000000 +NO/m)
  expect(answer).toThrow(/^X .* abc0000000000000 +yes/m)
})
