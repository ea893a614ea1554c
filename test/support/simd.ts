import type { Numerics, Tile } from '../../src/kernels/simd/numerics.ts'
import { alone } from '../../src/kernels/simd/runtime/alone.ts'
import { crewOf } from '../../src/kernels/simd/runtime/crew.ts'
import { hasRelaxedSimd } from '../../src/kernels/simd/runtime/features.ts'
import type { Crew } from '../../src/kernels/simd/runtime/machine.ts'
import { simdKernels } from '../../src/kernels/simd/simd.ts'
import { spawnWorker } from '../../src/node/worker.ts'
import { untilReady } from './crew-tasks.ts'

type SimdKernels = ReturnType<typeof simdKernels>

/** The tiles for vectors of 128 bits, and, strict and fast, for those of 256. */
export const tiles = {
  '4×8': { rows: 4, columns: 8 },
  '4×16': { rows: 4, columns: 16 },
  '6×16': { rows: 6, columns: 16 },
} satisfies { [title: string]: Tile }

/** SIMD kernels whose threads all take part, with relaxed SIMD where the engine has it unless that is switched off. */
export async function readyKernels(
  threads: number,
  tile: Tile,
  numerics: Numerics = 'strict',
  relaxedSimd = hasRelaxedSimd(),
): Promise<SimdKernels> {
  const hire = threads === 1 ? alone : crewOf(threads, spawnWorker)
  const crews: Crew[] = []
  const kernels = simdKernels({
    numerics,
    tile,
    relaxedSimd,
    hire(share) {
      const crew = hire(share)
      crews.push(crew)
      return crew
    },
  })
  for (const crew of crews) await untilReady(crew)
  return kernels
}
