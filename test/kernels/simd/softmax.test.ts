import { expect, test } from 'vitest'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { writeModule } from '../../../src/kernels/simd/assembly/write-module.ts'
import { alone } from '../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../src/kernels/simd/runtime/machine.ts'
import { softmaxKernels, softmaxTasks } from '../../../src/kernels/simd/softmax.ts'
import { random } from '../../../src/tensor/random.ts'
import { expectSameBits } from '../../support/compare.ts'
import { centred } from '../../support/kernels.ts'
import { mixed, twins } from '../../support/twins.ts'

const machine = new Machine(writeModule(softmaxTasks), alone)
const simd = softmaxKernels(machine)

/** Rows and classes; the last few need several chunks, or have rows that are longer than one. */
const shapes = [
  ...Array.from({ length: 13 }, (_, classes) => [3, classes + 1]),
  [0, 10],
  [1, 10],
  [2, 37],
  [1638, 10],
  [1639, 10],
  [4000, 10],
  [3, 16_383],
  [3, 16_385],
]

const numbers = (seed: number, special: boolean) => {
  const next = random(seed)
  const small = centred(next)
  return special ? mixed(next) : () => 20 * small()
}

test.each(shapes)(
  'softmax of %i rows of %i equals the reference bit for bit, in place or not',
  (rows, classes) => {
    for (const special of [false, true]) {
      const draw = numbers(rows * classes, special)
      const [x, y] = twins(machine, rows * classes, [draw, draw])
      referenceFloat32.softmax(rows, classes, x.reference, y.reference)
      simd.softmax(rows, classes, x.simd, y.simd)
      expectSameBits(y.simd, y.reference, 'y')
      expectSameBits(x.simd, x.reference, 'x')

      simd.softmax(rows, classes, x.simd, x.simd)
      referenceFloat32.softmax(rows, classes, x.reference, x.reference)
      expectSameBits(x.simd, x.reference, 'y in place')
    }
  },
)

test.each(shapes)('softmaxBackward of %i rows of %i equals the reference bit for bit', (rows, classes) => {
  for (const special of [false, true]) {
    const draw = numbers(rows * classes, special)
    for (const place of [0, 1, 2]) {
      const arrays = twins(machine, rows * classes, [draw, draw, draw])
      const [y, dy] = arrays
      const dx = arrays[place]
      referenceFloat32.softmaxBackward(rows, classes, y.reference, dy.reference, dx.reference)
      simd.softmaxBackward(rows, classes, y.simd, dy.simd, dx.simd)
      for (const { simd, reference } of arrays) expectSameBits(simd, reference, `dx at ${place}`)
    }
  }
})

test('a row of softmax sums to 1', () => {
  const [x] = twins(machine, 10, [numbers(1, false)])
  simd.softmax(1, 10, x.simd, x.simd)
  expect(x.simd.subarray(0, 10).reduce((sum, y) => sum + y)).toBeCloseTo(1, 6)
})
