import type { Config } from '../config.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { checkOptions, fraction, nonNegative, positive } from '../options.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Arrays, Optimizer, OptimizerState } from './optimizer.ts'

/** Options of {@link Adam}. */
export interface AdamOptions {
  /** At least 0; 0 leaves the weights as they are. Default 0.001. */
  readonly learningRate?: number
  /** Share of the mean gradient kept at each step, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Share of the mean squared gradient kept at each step, in [0, 1). Default 0.999. */
  readonly beta2?: number
  /** Keeps the division finite; above 0. Default 1e-7. */
  readonly epsilon?: number
}

/**
 * Adam, exactly as Keras has it: steps along the mean gradient m, divided by the root of the mean squared gradient v.
 *
 *     m ← m + (g − m)·(1 − β₁)      v ← v + (g² − v)·(1 − β₂)
 *     αₜ = learningRate·√(1 − β₂ᵗ) / (1 − β₁ᵗ)      θ ← θ − αₜ·m / (√v + ε)
 *
 * ε stands outside the bias correction ("epsilon hat"), unlike PyTorch's. βᵗ are running products in float64.
 *
 * Source: Kingma and Ba (2015), the end of section 2; Keras 3, `Adam`.
 *
 * @throws OptionError, also when `learningRate` is assigned later
 * @example
 * const optimizer = new Adam({ learningRate: 0.01 })
 * optimizer.learningRate = 0.001 // from the next step on
 */
export class Adam implements Optimizer {
  readonly name = 'adam'
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  #learningRate: number

  constructor(options: AdamOptions = {}) {
    checkOptions('Adam', options, ['learningRate', 'beta1', 'beta2', 'epsilon'])
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options
    this.#learningRate = nonNegative('Adam', 'learningRate', learningRate)
    this.beta1 = fraction('Adam', 'beta1', beta1)
    this.beta2 = fraction('Adam', 'beta2', beta2)
    this.epsilon = positive('Adam', 'epsilon', epsilon)
  }

  get learningRate(): number {
    return this.#learningRate
  }

  set learningRate(value: number) {
    this.#learningRate = nonNegative('Adam', 'learningRate', value)
  }

  get config(): Config {
    const { learningRate, beta1, beta2, epsilon } = this
    return { learningRate, beta1, beta2, epsilon }
  }

  bind<A extends Real>(kernels: Kernels<A>, n: number): OptimizerState<A> {
    const m = kernels.allocate(n)
    const v = kernels.allocate(n)
    const scalars = { beta1Power: 1, beta2Power: 1 }
    const { beta1, beta2, epsilon } = this
    const now = { alpha: 0, beta1, beta2, epsilon }
    return {
      slots: { m, v },
      scalars,
      step: (values, gradients) => {
        scalars.beta1Power *= beta1
        scalars.beta2Power *= beta2
        now.alpha = (this.#learningRate * Math.sqrt(1 - scalars.beta2Power)) / (1 - scalars.beta1Power)
        kernels.adam(n, now, values, gradients, m, v)
      },
      problems: ({ steps, slots, scalars }) => [
        ...negatives(slots.v),
        ...powerProblems('beta1Power', scalars.beta1Power, beta1, steps),
        ...powerProblems('beta2Power', scalars.beta2Power, beta2, steps),
      ],
    }
  }
}

/** v is a mean of squares. */
function negatives<A extends Real>(v: Arrays<A>): string[] {
  return Object.entries<A>(v).flatMap(([path, array]) => {
    const index = array.findIndex((value: number) => value < 0)
    return index < 0 ? [] : [`v: ${path} has ${array[index]} at element ${index}, expected at least 0`]
  })
}

/** A running product rounds at each step, and ends where numbers are too small to have all digits. */
function powerProblems(name: string, power: number, beta: number, steps: number): string[] {
  const expected = beta ** steps
  const isNear = Math.abs(power - expected) <= steps * Number.EPSILON * expected + SMALLEST_NORMAL
  return isNear ? [] : [`${name} is ${power} after ${steps} steps, expected ${expected}`]
}

const SMALLEST_NORMAL = 2 ** -1022
