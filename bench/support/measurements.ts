import type { BackendInfo } from '../../src/backend/info.ts'
import { measureEpochs } from '../experiments.ts'
import { measureInference } from '../inference.ts'
import { measureKernels } from '../kernels.ts'
import { measureMemory } from '../memory.ts'
import { measurePeak } from '../peak.ts'
import { measureProfile } from '../profile.ts'
import { measureScaling } from '../scaling.ts'
import type { Job } from './session.ts'
import { measureVgg } from './vgg.ts'

type Measurement = (job: Job, info: BackendInfo) => unknown

/** All that can be measured in a process of its own. */
export const measurements: { readonly [name: string]: Measurement } = {
  peak: measurePeak,
  kernels: measureKernels,
  epochs: measureEpochs,
  profile: measureProfile,
  vgg: measureVgg,
  inference: measureInference,
  scaling: measureScaling,
  memory: measureMemory,
}
