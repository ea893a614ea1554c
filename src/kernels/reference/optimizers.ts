import type { Real } from '../../tensor/tensor.ts'
import type { Arithmetic, Kernels } from '../kernels.ts'

type OptimizerKernels<A extends Real> = Pick<Kernels<A>, 'adam' | 'sgd'>

export function optimizerKernels<A extends Real>({ round }: Arithmetic): OptimizerKernels<A> {
  return {
    adam(n, { alpha, beta1, beta2, epsilon }, values, gradients, m, v) {
      const a = round(alpha)
      const c1 = round(1 - beta1)
      const c2 = round(1 - beta2)
      const e = round(epsilon)
      for (let i = 0; i < n; i++) {
        const g = gradients[i]
        const mi = round(m[i] + round(round(g - m[i]) * c1))
        const vi = round(v[i] + round(round(round(g * g) - v[i]) * c2))
        m[i] = mi
        v[i] = vi
        values[i] = round(values[i] - round(round(mi * a) / round(round(Math.sqrt(vi)) + e)))
      }
    },

    sgd(n, { learningRate, momentum, nesterov }, values, gradients, velocity) {
      const rate = round(learningRate)
      const mu = round(momentum)
      for (let i = 0; i < n; i++) {
        const step = round(rate * gradients[i])
        if (!velocity) {
          values[i] = round(values[i] - step)
          continue
        }
        const vi = round(round(mu * velocity[i]) - step)
        velocity[i] = vi
        values[i] = round(values[i] + (nesterov ? round(round(mu * vi) - step) : vi))
      }
    },
  }
}
