import type { Real } from '../tensor/tensor.ts'
import type { Step } from './layer.ts'

/** The step of a layer that leaves the numbers as they are: its arrays share their memory, so nothing moves. */
export const view: Step<Real> = { forward: () => {}, backward: () => {} }
