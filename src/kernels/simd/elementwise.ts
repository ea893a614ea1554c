import { f32x4, i32, v128 } from 'wasmati'
import type { Kernels } from '../kernels.ts'
import { element, range, set, task } from './assembly.ts'
import type { Machine } from './machine.ts'

/** Elements of a chunk. */
const CHUNK = 16_384

export const elementwiseTasks = {
  /** y = x < 0 ? 0 : x */
  relu: task({ x: 'i32', y: 'i32' }, { i: 'i32', end: 'i32', v: 'v128' }, ({ x, y, chunk, i, end, v }) => {
    set(i, i32.mul(chunk, CHUNK))
    set(end, i32.add(i, CHUNK))
    range(i, i, end, 4, () => {
      set(v, v128.load({}, element(x, i)))
      // pmax keeps NaN and −0
      v128.store({}, element(y, i), f32x4.pmax(v, v128.const('f32x4', [0, 0, 0, 0])))
    })
  }),
}

export function elementwiseKernels(machine: Machine): Pick<Kernels, 'relu'> {
  const relu = machine.number('relu')
  return {
    relu: (n, x, y) => machine.run(relu, Math.ceil(n / CHUNK), x.byteOffset, y.byteOffset),
  }
}
