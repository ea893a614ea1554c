import { f32x4, i32, i32x4, v128 } from 'wasmati'
import type { Kernels } from '../kernels.ts'
import { droppedWords, layerWord, stepWord } from '../reference/mask-word.ts'
import { constant, integers, set } from './assembly/assembly.ts'
import { loadBytes } from './assembly/bytes.ts'
import { chunksOf, elementwise } from './assembly/fours.ts'
import { exp } from './float32-functions.ts'
import { maskLocals, maskWords, numbersFrom, setMaskFactors } from './mask-word.ts'
import type { Machine } from './runtime/machine.ts'

export const elementwiseTasks = {
  relu: elementwise(integers('x', 'y'), {}, ({ x, y }, { load, store }) => {
    // x < 0 ? 0 : x
    store(y, f32x4.pmax(load(x), constant(0)))
  }),

  reluBackward: elementwise(integers('y', 'dy', 'dx'), {}, ({ y, dy, dx }, { load, store }) => {
    store(dx, v128.and(load(dy), f32x4.gt(load(y), constant(0))))
  }),

  sigmoid: elementwise(integers('x', 'y'), { v: 'v128', e: 'v128' }, ({ x, y, v, e }, { load, store }) => {
    set(v, load(x))
    set(e, exp(f32x4.neg(f32x4.abs(v))))
    const numerator = v128.bitselect(e, constant(1), f32x4.lt(v, constant(0)))
    store(y, f32x4.div(numerator, f32x4.add(constant(1), e)))
  }),

  sigmoidBackward: elementwise(
    integers('y', 'dy', 'dx'),
    { v: 'v128' },
    ({ y, dy, dx, v }, { load, store }) => {
      set(v, load(y))
      set(v, f32x4.mul(v, f32x4.sub(constant(1), v)))
      store(dx, f32x4.mul(load(dy), v))
    },
  ),

  rescale: elementwise(
    { x: 'i32', y: 'i32', scale: 'f32', offset: 'f32' },
    {},
    ({ x, y, scale, offset }, { load, store }) => {
      store(y, f32x4.add(f32x4.mul(load(x), f32x4.splat(scale)), f32x4.splat(offset)))
    },
  ),

  /** rescale of bytes. */
  rescaleBytes: elementwise(
    { x: 'i32', y: 'i32', scale: 'f32', offset: 'f32' },
    {},
    ({ i, x, y, scale, offset }, { store }) => {
      const values = f32x4.convert_i32x4_s(loadBytes(i32.add(x, i)))
      store(y, f32x4.add(f32x4.mul(values, f32x4.splat(scale)), f32x4.splat(offset)))
    },
  ),

  dropout: elementwise(
    { ...integers('x', 'y', 'layer', 'step', 'dropped'), scale: 'f32' },
    { h: 'v128', ...maskLocals },
    ({ i, x, y, layer, step, dropped, scale, h, factors }, { load, store }) => {
      setMaskFactors(factors)
      const kept = i32x4.ge_u(maskWords(h, numbersFrom(i), layer, step, factors), i32x4.splat(dropped))
      store(y, v128.and(kept, f32x4.mul(load(x), f32x4.splat(scale))))
    },
  ),
}

type ElementwiseKernels = Pick<
  Kernels,
  'relu' | 'reluBackward' | 'sigmoid' | 'sigmoidBackward' | 'rescale' | 'dropout'
>

export function elementwiseKernels(machine: Machine): ElementwiseKernels {
  const relu = machine.number('relu')
  const reluBackward = machine.number('reluBackward')
  const sigmoid = machine.number('sigmoid')
  const sigmoidBackward = machine.number('sigmoidBackward')
  const rescale = machine.number('rescale')
  const rescaleBytes = machine.number('rescaleBytes')
  const dropout = machine.number('dropout')
  return {
    relu(n, x, y) {
      machine.run(relu, chunksOf(n), n, x.byteOffset, y.byteOffset)
    },

    reluBackward(n, y, dy, dx) {
      machine.run(reluBackward, chunksOf(n), n, y.byteOffset, dy.byteOffset, dx.byteOffset)
    },

    sigmoid(n, x, y) {
      machine.run(sigmoid, chunksOf(n), n, x.byteOffset, y.byteOffset)
    },

    sigmoidBackward(n, y, dy, dx) {
      machine.run(sigmoidBackward, chunksOf(n), n, y.byteOffset, dy.byteOffset, dx.byteOffset)
    },

    rescale(n, scale, offset, x, y) {
      const task = x instanceof Uint8Array ? rescaleBytes : rescale
      machine.run(task, chunksOf(n), n, x.byteOffset, y.byteOffset, scale, offset)
    },

    dropout(n, rate, key, x, y) {
      const dropped = droppedWords(rate)
      // A rate just below 1 drops every word, and 2³² is no word itself.
      if (dropped === 2 ** 32) {
        y.fill(0, 0, n)
        return
      }
      machine.run(
        dropout,
        chunksOf(n),
        n,
        x.byteOffset,
        y.byteOffset,
        layerWord(key),
        stepWord(key),
        dropped,
        1 / (1 - rate),
      )
    },
  }
}
