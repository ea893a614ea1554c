import type { Config } from '../config.ts'
import { OptionError } from '../errors.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { checkOptions, flag, fraction, nonNegative } from '../options.ts'
import type { Real } from '../tensor/tensor.ts'
import type { Optimizer, OptimizerState } from './optimizer.ts'

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** At least 0; 0 leaves the weights as they are. Default 0.01. */
  readonly learningRate?: number
  /** Share of the velocity kept at each step, in [0, 1). Default 0: no velocity. */
  readonly momentum?: number
  /** Whether to step by the velocity as it will be (Nesterov); takes momentum above 0. Default false. */
  readonly nesterov?: boolean
}

/**
 * Stochastic gradient descent, with momentum where wanted.
 *
 *     plain       θ ← θ − learningRate·g
 *     momentum    v ← momentum·v − learningRate·g      θ ← θ + v
 *     Nesterov    the same v                           θ ← θ + momentum·v − learningRate·g
 *
 * Source: Keras 3, `SGD`; Sutskever et al. (2013) for Nesterov's momentum.
 *
 * @throws OptionError, also when `learningRate` is assigned later
 * @example
 * const optimizer = new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true })
 */
export class SGD implements Optimizer {
  readonly name = 'sgd'
  readonly momentum: number
  readonly nesterov: boolean
  #learningRate: number

  constructor(options: SGDOptions = {}) {
    checkOptions('SGD', options, ['learningRate', 'momentum', 'nesterov'])
    const { learningRate = 0.01, momentum = 0, nesterov = false } = options
    this.#learningRate = nonNegative('SGD', 'learningRate', learningRate)
    this.momentum = fraction('SGD', 'momentum', momentum)
    this.nesterov = flag('SGD', 'nesterov', nesterov)
    if (nesterov && momentum === 0) {
      throw new OptionError('SGD', 'nesterov', nesterov, 'false while momentum is 0')
    }
  }

  get learningRate(): number {
    return this.#learningRate
  }

  set learningRate(value: number) {
    this.#learningRate = nonNegative('SGD', 'learningRate', value)
  }

  get config(): Config {
    const { learningRate, momentum, nesterov } = this
    return { learningRate, momentum, nesterov }
  }

  bind<A extends Real>(kernels: Kernels<A>, n: number): OptimizerState<A> {
    const { momentum, nesterov } = this
    const velocity = momentum > 0 ? kernels.allocate(n) : null
    const now = { learningRate: 0, momentum, nesterov }
    return {
      slots: velocity ? { velocity } : {},
      scalars: {},
      step: (values, gradients) => {
        now.learningRate = this.#learningRate
        kernels.sgd(n, now, values, gradients, velocity)
      },
    }
  }
}
