import { expect, test } from 'vitest'
import { f32, i32 } from 'wasmati'
import {
  callRoutine,
  element,
  integers,
  routine,
  task,
} from '../../../../src/kernels/simd/assembly/assembly.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'

/** y[i] = n, as float32. */
const put = routine(integers('y', 'i', 'n'), {}, ({ y, i, n }) => {
  f32.store({}, element(y, i), f32.convert_i32_u(n))
})

test('callRoutine passes on what is worked out, by name', () => {
  const tasks = {
    put: task(integers('to'), {}, ({ to }) =>
      callRoutine(put, { y: to, i: i32.add(to, i32.sub(2, to)), n: 7 }),
    ),
  }
  const machine = new Machine(writeModule(tasks), alone)
  const y = machine.allocate(4)
  machine.run(machine.number('put'), 1, y.byteOffset)
  expect([...y]).toEqual([0, 0, 7, 0])
})

test('callRoutine refuses operands in another order than that in which they are passed', () => {
  const turned = task(integers('to'), {}, ({ to }) => callRoutine(put, { y: to, n: 7, i: 2 }))
  expect(() => writeModule({ turned })).toThrow('a routine is called with (y, n, i), expected (y, i, n)')
})
