import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WindowGeometry } from '../../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../../src/kernels/reference/reference.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { maxPool2dKernels, maxPool2dTasks } from '../../../../src/kernels/simd/max-pool2d/max-pool2d.ts'
import { alone, taskFunctions } from '../../../../src/kernels/simd/runtime/alone.ts'
import { type Crew, Machine, type Share } from '../../../../src/kernels/simd/runtime/machine.ts'
import { windowGeometry } from '../../../../src/layers/window.ts'
import { random } from '../../../../src/tensor/random.ts'
import { expectSameBits } from '../../../support/compare.ts'
import { GARBAGE, windows, withSpecials } from '../../../support/kernels.ts'
import { twins } from '../../../support/twins.ts'

let chunks = 0

/** Runs the last chunk first: chunks must not depend on each other. */
function backwards(share: Share): Crew {
  const functions = taskFunctions(share)
  return {
    ...alone(share),
    run(task, n) {
      chunks = n
      for (let chunk = n - 1; chunk >= 0; chunk--) functions[task](share.args, chunk, 0)
    },
  }
}

const machine = new Machine(writeModule(maxPool2dTasks), backwards)
const kernels = maxPool2dKernels(machine)

/** Forward with and without winners, and backward, against the reference, garbage behind the ends included. */
function expectTwins(
  g: WindowGeometry,
  rows: number,
  Winners: typeof Uint8Array | typeof Int32Array,
  draw: () => number,
): void {
  const sizeX = rows * g.height * g.width * g.channels
  const sizeY = rows * g.outHeight * g.outWidth * g.channels
  const garbage = () => GARBAGE
  const [x, dx] = twins(machine, sizeX, [draw, garbage])
  const [y, unwatched, memory, dy] = twins(machine, sizeY, [garbage, garbage, garbage, draw])
  const winners = new Winners(memory.simd.buffer as ArrayBuffer, memory.simd.byteOffset, memory.simd.length)
  const expectedWinners = winners.fill(77).slice()

  kernels.maxPool2d(g, rows, x.simd, y.simd, winners)
  referenceFloat32.maxPool2d(g, rows, x.reference, y.reference, expectedWinners)
  expectSameBits(y.simd, y.reference, 'y')
  expectSameBits(winners, expectedWinners, 'winners')

  kernels.maxPool2d(g, rows, x.simd, unwatched.simd, null)
  expectSameBits(unwatched.simd, y.reference, 'y without winners')

  kernels.maxPool2dBackward(g, rows, dy.simd, winners, dx.simd)
  referenceFloat32.maxPool2dBackward(g, rows, dy.reference, expectedWinners, dx.reference)
  expectSameBits(dx.simd, dx.reference, 'dx')
}

/** Few values, so that most windows have ties; zeros of both signs, and sometimes NaN. */
const withTies = (next: () => number) => () =>
  [-1, -0, 0, 0.5, 0.5, 1, Number.NEGATIVE_INFINITY, Number.NaN][Math.floor(next() * (next() < 0.1 ? 8 : 6))]

describe('max-pooling in SIMD has the bits of the reference', () => {
  test.each([
    ['special numbers', withSpecials],
    ['ties', withTies],
  ])('for any window: %s', (_, drawing) => {
    const types = fc.constantFrom(Uint8Array, Int32Array)
    // Up to 6 channels are drawn; 17 more go through every size of block.
    const channels = fc.constantFrom(0, 17, 24)
    fc.assert(
      fc.property(
        windows,
        channels,
        types,
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (g, more, Type, rows, seed) => {
          expectTwins({ ...g, channels: g.channels + more }, rows, Type, drawing(random(seed)))
        },
      ),
    )
  })

  test.each([
    ['overlapping windows', [40, 40, 7], [3, 3], [1, 1], 'same'],
    ['windows with gaps between them', [40, 41, 21], [1, 2], [2, 3], 'valid'],
    ['the windows of a small network', [26, 26, 64], [2, 2], [2, 2], 'valid'],
    ['one channel', [140, 140, 1], [3, 3], [2, 2], 'same'],
  ] as const)('over several chunks: %s', (_, image, kernel, strides, padding) => {
    const g = windowGeometry('pool', image, { kernel, strides, padding })
    expectTwins(g, 19, Uint8Array, withTies(random(1)))
    expect(chunks).toBeGreaterThan(1)
  })

  test('for a window with more places than a byte can tell', () => {
    const g = windowGeometry('pool', [18, 19, 5], { kernel: [17, 17], strides: [1, 1], padding: 'same' })
    expectTwins(g, 2, Int32Array, withSpecials(random(2)))
  })

  test('for no rows at all', () => {
    const g = windowGeometry('pool', [4, 4, 3], { kernel: [2, 2], strides: [2, 2], padding: 'valid' })
    expectTwins(g, 0, Uint8Array, () => 1)
  })
})
