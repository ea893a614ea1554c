import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { blocksOf } from '../../../../src/kernels/simd/gemm/blocks.ts'
import { BLOCK_BYTES } from '../../../../src/kernels/simd/gemm/product.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'
import { Tables } from '../../../../src/kernels/simd/runtime/tables.ts'

const machine = new Machine(writeModule({}), alone)
const tables = new Tables(machine)
const TILE_COLUMNS = 16

/** Goes through a table of blocks as a product does: the addresses in a row of A, and each block's steps of k. */
function walk(segments: readonly number[], depth: number) {
  const integers = new Int32Array(machine.share.memory.buffer)
  const { count, entries } = blocksOf(tables, segments, depth, TILE_COLUMNS)
  const addresses: number[] = []
  const blocks: number[] = []
  for (let block = 0; block < count; block++) {
    const [own, jumps, length, start] = integers.subarray((entries + block * BLOCK_BYTES) / 4)
    // Where a block of a panel of B begins, in bytes.
    expect(start).toBe(4 * TILE_COLUMNS * addresses.length)
    let address = 0
    for (let s = 0; s < own; s++) {
      address += integers[jumps / 4 + s]
      for (let k = 0; k < length; k++, address += 4) addresses.push(address)
    }
    blocks.push(own * length)
  }
  return { addresses, blocks }
}

const LONGEST = 576

describe('blocksOf', () => {
  test.each([
    ['one segment', [0], 10, [10]],
    ['segments of which all fit', [0, 400, 1200], 100, [300]],
    ['segments of which some fit', [0, 900, 1800, 2700, 3600, 4500, 5400], 200, [400, 400, 400, 200]],
    ['a segment as long as a block', [8, 4000], LONGEST, [LONGEST, LONGEST]],
    ['a segment a little longer', [8, 4000], LONGEST + 1, [LONGEST, 1, LONGEST, 1]],
    ['a long segment', [20], 1300, [LONGEST, LONGEST, 1300 - 2 * LONGEST]],
    ['segments in any order', [4000, 0, -80], 20, [60]],
  ])('goes once through all of %s, in order', (_, segments, depth, sizes) => {
    const { addresses, blocks } = walk(segments, depth)
    const expected = segments.flatMap(start => Array.from({ length: depth }, (_, k) => start + 4 * k))
    expect(addresses).toEqual(expected)
    expect(blocks).toEqual(sizes)
  })

  test.each([true, false])('says of each block that it is apart: %j', isApart => {
    const integers = new Int32Array(machine.share.memory.buffer)
    const { count, entries } = blocksOf(tables, [0], 25, TILE_COLUMNS, { longest: 10, isApart })
    const told = Array.from(
      { length: count },
      (_, block) => integers[(entries + block * BLOCK_BYTES) / 4 + 4],
    )
    expect(told).toEqual(new Array(3).fill(Number(isApart)))
  })

  test('makes no block longer than fits, whatever the segments', () => {
    const starts = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 1500 }), (quarters, depth) => {
        const segments = quarters.map(quarter => 4 * quarter)
        const { addresses, blocks } = walk(segments, depth)
        expect(addresses).toEqual(
          segments.flatMap(start => Array.from({ length: depth }, (_, k) => start + 4 * k)),
        )
        expect(Math.max(...blocks)).toBeLessThanOrEqual(LONGEST)
      }),
      { numRuns: 30 },
    )
  })
})
