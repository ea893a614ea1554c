import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callRoutine, type Routine, task } from '../../../../src/kernels/simd/assembly/assembly.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { clear, copy, packing, transpose } from '../../../../src/kernels/simd/gemm/pack.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'
import { expectSameBits } from '../../../support/compare.ts'
import { GARBAGE } from '../../../support/kernels.ts'
import { tiles } from '../../../support/simd.ts'

/** A routine of integers as a task of one chunk. */
const taskOf = (routine: Routine<{ readonly [name: string]: 'i32' }>) =>
  task(routine.parameters, {}, ({ args, chunk, thread, ...own }) => callRoutine(routine, own))

const [narrow, wide] = Object.values(tiles).map(packing)

const machine = new Machine(
  writeModule({
    copy: taskOf(copy),
    clear: taskOf(clear),
    transpose: taskOf(transpose),
    packRows8: taskOf(narrow.packRows),
    packColumns8: taskOf(narrow.packColumns),
    packRows16: taskOf(wide.packRows),
    packColumns16: taskOf(wide.packColumns),
  }),
  alone,
)

/** 1, 2, 3, … */
function ramp(n: number): Float32Array {
  const array = machine.allocate(n)
  for (let i = 0; i < n; i++) array[i] = i + 1
  return array
}

const garbage = (n: number) => machine.allocate(n).fill(GARBAGE)

const run = (name: string, ...args: number[]) => machine.run(machine.number(name), 1, ...args)

test('copy and clear write as many numbers as they are told, and none behind', () => {
  for (let n = 0; n <= 21; n++) {
    const [from, to] = [ramp(30), garbage(30)]
    run('copy', from.byteOffset, to.byteOffset, n)
    expectSameBits(
      to,
      from.map((x, i) => (i < n ? x : GARBAGE)),
      `copy of ${n}`,
    )
    run('clear', from.byteOffset, n)
    expectSameBits(
      from,
      ramp(30).map((x, i) => (i < n ? 0 : x)),
      `clear of ${n}`,
    )
  }
})

const length = fc.integer({ min: 0, max: 21 })
const gap = fc.integer({ min: 0, max: 5 })

test('transpose turns matrices of any size, rows apart or not', () => {
  fc.assert(
    fc.property(length, length, gap, gap, (rows, columns, fromGap, toGap) => {
      const [fromRow, toRow] = [columns + fromGap, rows + toGap]
      const from = ramp(rows * fromRow)
      const to = garbage(columns * toRow + 7)
      const expected = to.slice()
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) expected[j * toRow + i] = from[i * fromRow + j]
      run('transpose', from.byteOffset, 4 * fromRow, to.byteOffset, 4 * toRow, rows, columns)
      expectSameBits(to, expected)
    }),
  )
})

describe.each([8, 16])('panels of %i columns', width => {
  test.each([
    ['packRows', (k: number, j: number, row: number) => k * row + j],
    ['packColumns', (k: number, j: number, row: number) => j * row + k],
  ])('%s fills them up with zeros, in places far apart or not', (name, at) => {
    const columns = fc.integer({ min: 1, max: 41 })
    fc.assert(
      fc.property(length, columns, gap, gap, (depth, columns, fromGap, panelGap) => {
        const row = fromGap + (name === 'packRows' ? columns : depth)
        const from = ramp(row * Math.max(depth, columns))
        const panels = Math.ceil(columns / width)
        const panel = depth * width + 4 * panelGap
        const to = garbage(panels * panel + 5)
        const expected = to.slice()
        for (let p = 0; p < panels; p++)
          for (let k = 0; k < depth; k++)
            for (let lane = 0; lane < width; lane++) {
              const j = p * width + lane
              expected[p * panel + k * width + lane] = j < columns ? from[at(k, j, row)] : 0
            }
        run(name + width, from.byteOffset, 4 * row, to.byteOffset, 4 * panel, depth, columns)
        expectSameBits(to, expected)
      }),
    )
  })

  test('are cleared of what they held where they are not full', () => {
    const to = machine.allocate(width).fill(Number.NaN)
    run(`packRows${width}`, ramp(3).byteOffset, 12, to.byteOffset, 4 * width, 1, 3)
    expect([...to]).toEqual([1, 2, 3, ...new Array(width - 3).fill(0)])
  })
})
