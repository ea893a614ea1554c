import { i32 } from 'wasmati'
import {
  atMost,
  callRoutine,
  element,
  increase,
  integers,
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

/**
 * One chunk: c = the outputs of a strip, or of some images; the bias starts each chain. Its rows of C are those of the
 * geometry's tables, so that they need not be in the order of the pixels.
 */
export const convolution = onceForEach((target: Target) =>
  routine(
    integers('geometry', 'rows', 'x', 'panels', 'bias', 'c', 'scratch', 'chunk'),
    { ...convolutionFields, ...integers('n', 'own', 'a', 'to', 'g', 'first') },
    names => {
      const { geometry, rows, x, panels, bias, c, scratch, chunk, ...f } = names
      readInts(geometry, valuesOf(convolutionFields, names))
      set(f.n, i32.mul(i32.div_u(chunk, f.strips), f.images))
      atMost(f.own, i32.sub(rows, f.n), f.images)
      increase(x, i32.mul(f.n, f.imageBytes))
      set(f.first, i32.mul(i32.mul(i32.rem_u(chunk, f.strips), f.stripRows), f.strideHeight))
      when(
        f.isPadded,
        () => {
          set(f.a, element(scratch, f.edgeNumbers))
          set(f.first, i32.sub(f.first, f.padTop))
          set(f.to, f.a)
          callRoutine(clear, {
            to: f.a,
            n: i32.shr_u(i32.mul(i32.mul(f.own, f.patchRows), f.paddedRowBytes), 2),
          })
          range(f.g, 0, f.own, 1, () => {
            callRoutine(copyPadded, {
              image: x,
              first: f.first,
              height: f.height,
              rowNumbers: f.rowNumbers,
              to: f.to,
              rows: f.patchRows,
              rowBytes: f.paddedRowBytes,
              leftBytes: f.leftBytes,
            })
            increase(x, f.imageBytes)
            increase(f.to, i32.mul(f.patchRows, f.paddedRowBytes))
          })
        },
        () => set(f.a, i32.add(x, i32.mul(f.first, i32.shl(f.rowNumbers, 2)))),
      )
      const direct = () =>
        multiply(target, f, {
          a: f.a,
          panels,
          start: bias,
          c,
          rows: i32.mul(f.own, f.pixels),
          columns: f.filters,
          edge: scratch,
        })
      winogradOr(direct, target, f, { a: f.a, u: panels, bias, y: c, scratch })
    },
  ),
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
        callRoutine(convolve, { geometry, rows, x, panels, bias, c: y, scratch, chunk })
      },
    ),
  }
}
