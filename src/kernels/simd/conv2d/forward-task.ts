import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
  type Locals,
  range,
  readInts,
  routine,
  set,
  task,
  when,
} from '../assembly/assembly.ts'
import { onceForEach } from '../assembly/once-for-each.ts'
import { multiply, productFields } from '../gemm/multiply.ts'
import { clear } from '../gemm/pack.ts'
import type { Target } from '../numerics.ts'
import { valuesOf } from '../runtime/tables.ts'
import { copyPadded } from './copy-padded.ts'
import { winogradKernelTasks } from './winograd-kernel.ts'
import { winogradChoice, winogradOr } from './winograd-task.ts'

/*
 * A convolution as a product of implicit patches: row i of A is the patch under output pixel i, read where it lies, a
 * segment for each row of the kernel; B is the kernel, [KH·KW·C, F].
 *
 * A chunk is a strip of output rows of one image, or several small images. Where there is padding, the part of the input
 * that the strip sees is copied into scratch memory with its zeros around it.
 */

/** What a chunk needs of the geometry, as integers in memory. */
export const convolutionFields = {
  // What a chunk has: `images` of them, or a strip of `stripRows` output rows of one; `pixels` of output for each image.
  ...integers('images', 'strips', 'stripRows', 'pixels'),
  ...integers('imageBytes', 'height', 'rowNumbers', 'strideHeight', 'padTop', 'filters'),
  // The part of an image that a strip sees, with its padding.
  ...integers('isPadded', 'patchRows', 'paddedRowBytes', 'leftBytes'),
  ...productFields,
  /** Where in scratch memory, in numbers, the padded images begin: behind the product's edge. */
  edgeNumbers: 'i32',
  ...winogradChoice,
} as const

/** What `findInput` is told, and what it works out. */
export const chunkParameters = integers('geometry', 'rows', 'x', 'scratch', 'chunk')
export const chunkLocals = {
  ...convolutionFields,
  // The first image of the chunk, how many there are, and the address of what is seen of them.
  ...integers('n', 'own', 'a'),
  ...integers('firstRow', 'image', 'to'),
} as const

/** Reads the geometry, and finds what a chunk sees of its images: where it lies, or padded in scratch memory. */
export function findInput(names: Locals<typeof chunkParameters & typeof chunkLocals>): void {
  const { geometry, rows, x, scratch, chunk, n, own, a, firstRow, image, to, ...f } = names
  readInts(geometry, valuesOf(convolutionFields, names))
  set(n, i32.mul(i32.div_u(chunk, f.strips), f.images))
  atMost(own, i32.sub(rows, n), f.images)
  increase(x, i32.mul(n, f.imageBytes))
  set(firstRow, i32.mul(i32.mul(i32.rem_u(chunk, f.strips), f.stripRows), f.strideHeight))
  when(
    f.isPadded,
    () => {
      set(a, element(scratch, f.edgeNumbers))
      set(firstRow, i32.sub(firstRow, f.padTop))
      set(to, a)
      callRoutine(clear, {
        to,
        n: i32.shr_u(i32.mul(i32.mul(own, f.patchRows), f.paddedRowBytes), 2),
      })
      range(image, 0, own, 1, () => {
        callRoutine(copyPadded, {
          image: x,
          first: firstRow,
          height: f.height,
          rowNumbers: f.rowNumbers,
          to,
          rows: f.patchRows,
          rowBytes: f.paddedRowBytes,
          leftBytes: f.leftBytes,
        })
        increase(x, f.imageBytes)
        increase(to, i32.mul(f.patchRows, f.paddedRowBytes))
      })
    },
    () => set(a, i32.add(x, i32.mul(firstRow, i32.shl(f.rowNumbers, 2)))),
  )
}

/**
 * One chunk: c = the outputs of a strip, or of some images; the bias starts each chain. Its rows of C are those of the
 * geometry's tables, so that they need not be in the order of the pixels.
 */
export const convolution = onceForEach((target: Target) =>
  routine({ ...chunkParameters, ...integers('panels', 'bias', 'c') }, chunkLocals, names => {
    const { a, own, panels, bias, c, scratch, ...f } = names
    findInput(names)
    const direct = () =>
      multiply(target, f, {
        a,
        panels,
        start: bias,
        c,
        rows: i32.mul(own, f.pixels),
        columns: f.filters,
        edge: scratch,
      })
    winogradOr(direct, target, { own, ...f }, { a, u: panels, bias, y: c, scratch })
  }),
)

export function forwardTasks(target: Target) {
  const convolve = convolution(target)
  return {
    ...winogradKernelTasks(target),

    conv2d: task(
      integers('geometry', 'rows', 'x', 'panels', 'bias', 'y', 'chunkBytes', 'scratch', 'scratchBytes'),
      {},
      ({ geometry, rows, x, panels, bias, y, chunkBytes, scratch, scratchBytes, chunk, thread }) => {
        increase(y, i32.mul(chunk, chunkBytes))
        increase(scratch, i32.mul(thread, scratchBytes))
        callRoutine(convolve, { geometry, rows, x, scratch, chunk, panels, bias, c: y })
      },
    ),
  }
}
