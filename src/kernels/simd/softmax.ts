import { f32, f32x4, i32 } from 'wasmati'
import type { Kernels } from '../kernels.ts'
import { element, integers, range, set, task, when } from './assembly/assembly.ts'
import { fours, foursLocals, part } from './assembly/fours.ts'
import { exp } from './float32-functions.ts'
import type { Machine } from './runtime/machine.ts'

/** Elements of a chunk, of whole rows. */
const CHUNK = 16_384

const rows = integers('n', 'classes', 'chunkElements')
const rowsLocals = { ...foursLocals, ...integers('row', 'rowEnd', 'from', 'to'), sum: 'f32' } as const

// `row` … `rowEnd`, `i` and `n` count elements.
export const softmaxTasks = {
  softmax: task({ ...rows, x: 'i32', y: 'i32' }, { ...rowsLocals, largest: 'f32', value: 'f32' }, names => {
    const { classes, chunkElements, x, y, i, row, rowEnd, from, to, sum, largest, value } = names
    part(names, chunkElements)
    range(row, from, to, classes, () => {
      set(rowEnd, i32.add(row, classes))
      set(largest, f32.load({}, element(x, row)))
      range(i, row, rowEnd, 1, () => {
        set(value, f32.load({}, element(x, i)))
        when(f32.gt(value, largest), () => set(largest, value))
      })
      fours(names, row, rowEnd, ({ load, store }) => {
        store(y, exp(f32x4.sub(load(x), f32x4.splat(largest))))
      })
      set(sum, 0)
      range(i, row, rowEnd, 1, () => set(sum, f32.add(sum, f32.load({}, element(y, i)))))
      fours(names, row, rowEnd, ({ load, store }) => store(y, f32x4.div(load(y), f32x4.splat(sum))))
    })
  }),

  softmaxBackward: task({ ...rows, ...integers('y', 'dy', 'dx') }, rowsLocals, names => {
    const { classes, chunkElements, y, dy, dx, i, row, rowEnd, from, to, sum } = names
    part(names, chunkElements)
    range(row, from, to, classes, () => {
      set(rowEnd, i32.add(row, classes))
      set(sum, 0)
      range(i, row, rowEnd, 1, () => {
        const term = f32.mul(f32.load({}, element(dy, i)), f32.load({}, element(y, i)))
        set(sum, f32.add(sum, term))
      })
      fours(names, row, rowEnd, ({ load, store }) => {
        store(dx, f32x4.mul(load(y), f32x4.sub(load(dy), f32x4.splat(sum))))
      })
    })
  }),
}

export function softmaxKernels(machine: Machine): Pick<Kernels, 'softmax' | 'softmaxBackward'> {
  const softmax = machine.number('softmax')
  const softmaxBackward = machine.number('softmaxBackward')
  const chunkRows = (classes: number) => Math.max(1, Math.floor(CHUNK / classes))
  return {
    softmax(rows, classes, x, y) {
      const each = chunkRows(classes)
      const chunks = Math.ceil(rows / each)
      machine.run(softmax, chunks, rows * classes, classes, each * classes, x.byteOffset, y.byteOffset)
    },

    softmaxBackward(rows, classes, y, dy, dx) {
      const each = chunkRows(classes)
      machine.run(
        softmaxBackward,
        Math.ceil(rows / each),
        rows * classes,
        classes,
        each * classes,
        y.byteOffset,
        dy.byteOffset,
        dx.byteOffset,
      )
    },
  }
}
