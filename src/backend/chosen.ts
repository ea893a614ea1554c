import type { Kernels } from '../kernels/kernels.ts'
import type { BackendInfo } from './info.ts'

/** What computes. */
export interface Backend {
  readonly kernels: Kernels<Float32Array>
  readonly info: BackendInfo
  /** Whether its threads have ended, so that every call throws. */
  readonly isBroken: () => boolean
}
