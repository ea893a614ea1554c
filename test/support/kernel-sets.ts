import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32, referenceFloat64 } from '../../src/kernels/reference/reference.ts'
import { alone } from '../../src/kernels/simd/alone.ts'
import { crewOf } from '../../src/kernels/simd/crew.ts'
import { hasRelaxedSimd } from '../../src/kernels/simd/features.ts'
import type { Crew, Share } from '../../src/kernels/simd/machine.ts'
import { type SimdOptions, simdKernels } from '../../src/kernels/simd/simd.ts'
import { spawnWorker } from '../../src/node/worker.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { untilReady } from './crew-tasks.ts'
import type { Round } from './kernels.ts'

/** A kernel set, and what `+ − × ÷ √` go through in its precision. */
type KernelSet = readonly [title: string, kernels: Kernels<Real>, round: Round]

/** SIMD kernels on so many threads, once all of these take part. */
export async function readyKernels(
  threads: number,
  target: Omit<SimdOptions, 'hire'>,
): Promise<Kernels<Float32Array>> {
  const hire = threads === 1 ? alone : crewOf(threads, spawnWorker)
  const crews: Crew[] = []
  const kernels = simdKernels({
    ...target,
    hire(share: Share) {
      crews.push(hire(share))
      return crews[0]
    },
  })
  for (const crew of crews) await untilReady(crew)
  return kernels
}

/** The tiles for vectors of 128 bits, and for those of 256. */
export const tiles = [
  { rows: 4, columns: 8 },
  { rows: 4, columns: 16 },
]

const [narrow, wide] = tiles
const numerics = 'strict'

/** The kernel sets that are the specification. */
export const referenceSets: readonly KernelSet[] = [
  ['reference float32', referenceFloat32, Math.fround],
  ['reference float64', referenceFloat64, x => x],
]

/** Every kernel set that has to equal the definitions in these tests bit for bit. */
export const kernelSets: readonly KernelSet[] = [
  ...referenceSets,
  ['SIMD', await readyKernels(1, { numerics, tile: narrow, relaxedSimd: false }), Math.fround],
  [
    `SIMD on threads${hasRelaxedSimd() ? ', relaxed' : ''}`,
    await readyKernels(3, { numerics, tile: wide, relaxedSimd: hasRelaxedSimd() }),
    Math.fround,
  ],
]
