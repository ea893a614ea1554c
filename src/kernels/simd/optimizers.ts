import { f32x4 } from 'wasmati'
import type { Kernels } from '../kernels.ts'
import { integers, set } from './assembly/assembly.ts'
import { chunksOf, elementwise } from './assembly/fours.ts'
import type { Machine } from './runtime/machine.ts'

/** sgd with a velocity. */
const sgdWithVelocity = (nesterov: boolean) =>
  elementwise(
    { ...integers('values', 'gradients', 'velocity'), rate: 'f32', momentum: 'f32' },
    { change: 'v128', v: 'v128' },
    ({ values, gradients, velocity, rate, momentum, change, v }, { load, store }) => {
      const mu = () => f32x4.splat(momentum)
      set(change, f32x4.mul(f32x4.splat(rate), load(gradients)))
      set(v, f32x4.sub(f32x4.mul(mu(), load(velocity)), change))
      store(velocity, v)
      if (nesterov) set(v, f32x4.sub(f32x4.mul(mu(), v), change))
      store(values, f32x4.add(load(values), v))
    },
  )

export const optimizerTasks = {
  adam: elementwise(
    {
      ...integers('values', 'gradients', 'moments', 'squares'),
      alpha: 'f32',
      rate1: 'f32',
      rate2: 'f32',
      epsilon: 'f32',
    },
    { g: 'v128', m: 'v128', v: 'v128' },
    ({ values, gradients, moments, squares, alpha, rate1, rate2, epsilon, g, m, v }, { load, store }) => {
      set(g, load(gradients))
      set(m, load(moments))
      set(m, f32x4.add(m, f32x4.mul(f32x4.sub(g, m), f32x4.splat(rate1))))
      store(moments, m)
      set(v, load(squares))
      set(v, f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), f32x4.splat(rate2))))
      store(squares, v)
      store(
        values,
        f32x4.sub(
          load(values),
          f32x4.div(f32x4.mul(m, f32x4.splat(alpha)), f32x4.add(f32x4.sqrt(v), f32x4.splat(epsilon))),
        ),
      )
    },
  ),

  /** sgd without a velocity. */
  sgd: elementwise(
    { values: 'i32', gradients: 'i32', rate: 'f32' },
    {},
    ({ values, gradients, rate }, { load, store }) => {
      store(values, f32x4.sub(load(values), f32x4.mul(f32x4.splat(rate), load(gradients))))
    },
  ),

  sgdMomentum: sgdWithVelocity(false),

  sgdNesterov: sgdWithVelocity(true),
}

export function optimizerKernels(machine: Machine): Pick<Kernels, 'adam' | 'sgd'> {
  const adam = machine.number('adam')
  const sgd = machine.number('sgd')
  const sgdMomentum = machine.number('sgdMomentum')
  const sgdNesterov = machine.number('sgdNesterov')
  return {
    adam(n, { alpha, beta1, beta2, epsilon }, values, gradients, m, v) {
      machine.run(
        adam,
        chunksOf(n),
        n,
        values.byteOffset,
        gradients.byteOffset,
        m.byteOffset,
        v.byteOffset,
        alpha,
        1 - beta1,
        1 - beta2,
        epsilon,
      )
    },

    sgd(n, { learningRate, momentum, nesterov }, values, gradients, velocity) {
      if (!velocity) {
        machine.run(sgd, chunksOf(n), n, values.byteOffset, gradients.byteOffset, learningRate)
        return
      }
      machine.run(
        nesterov ? sgdNesterov : sgdMomentum,
        chunksOf(n),
        n,
        values.byteOffset,
        gradients.byteOffset,
        velocity.byteOffset,
        learningRate,
        momentum,
      )
    },
  }
}
