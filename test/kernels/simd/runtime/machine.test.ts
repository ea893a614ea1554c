import { expect, test } from 'vitest'
import { integers, type Task, task } from '../../../../src/kernels/simd/assembly/assembly.ts'
import { writeModule } from '../../../../src/kernels/simd/assembly/write-module.ts'
import { alone } from '../../../../src/kernels/simd/runtime/alone.ts'
import { Machine } from '../../../../src/kernels/simd/runtime/machine.ts'

const taskOf = (parameters: number): Task =>
  task(integers(...Array.from({ length: parameters }, (_, i) => `p${i}`)), {}, () => {})

test('takes tasks of up to 16 parameters, as many as a call passes on', () => {
  expect(new Machine(writeModule({ most: taskOf(16) }), alone).number('most')).toBe(0)
  expect(() => writeModule({ tooMany: taskOf(17) })).toThrow('task tooMany has 17 parameters, more than 16')
})
