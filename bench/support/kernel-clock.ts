import type { Conv2DReluPoolGeometry, DenseGeometry, Kernels } from '../../src/kernels/kernels.ts'
import { denseFlops, fusedConvFlops, winnerFlops } from './flops.ts'

/** What a call of a kernel has to do. */
interface Work {
  /** Its name, and its geometry where a step has several of its kind. */
  readonly kernel: string
  readonly flops: number
  /** Bytes of its widest operands, which are too many for the caches. */
  readonly bytes: number
}

/** What all calls of a kernel came to. */
export interface Part extends Work {
  readonly seconds: number
}

/** Functions of a kernel set that compute nothing. */
const MEMORY = ['allocate', 'release', 'owns']

/** Adds up the time in each function of a kernel set, in whose place it puts one of its own, for good. */
export class KernelClock {
  readonly #parts = new Map<string, Part>()

  constructor(kernels: Kernels<Float32Array>) {
    for (const name of Object.keys(kernels) as (keyof typeof kernels)[]) {
      const kernel = kernels[name] as unknown
      if (typeof kernel !== 'function' || MEMORY.includes(name)) continue
      const timed = (...args: unknown[]) => {
        const began = performance.now()
        kernel(...args)
        this.#add(workOf(name, args), (performance.now() - began) / 1000)
      }
      Object.assign(kernels, { [name]: timed })
    }
  }

  /** What was added up since it was last taken. */
  takeParts(): Part[] {
    const parts = [...this.#parts.values()]
    this.#parts.clear()
    return parts
  }

  #add({ kernel, flops, bytes }: Work, seconds: number): void {
    const before = this.#parts.get(kernel) ?? { seconds: 0, flops: 0, bytes: 0 }
    this.#parts.set(kernel, {
      kernel,
      seconds: before.seconds + seconds,
      flops: before.flops + flops,
      bytes: before.bytes + bytes,
    })
  }
}

/** Of the kernels that take nearly all of a step; of the others the name alone. */
function workOf(name: string, [geometry, rows]: unknown[]): Work {
  const dense = geometry as DenseGeometry
  const conv = geometry as Conv2DReluPoolGeometry
  const work = (kernel: string, flops: number, bytes: number): Work => {
    return { kernel, flops: flops * (rows as number), bytes: bytes * (rows as number) }
  }
  switch (name) {
    case 'dense':
    case 'denseBackwardWeights':
    case 'denseBackwardInput':
      return work(`${name} ${dense.inputs}→${dense.units}`, denseFlops(dense), 4 * dense.inputs)
    case 'conv2dReluMaxPool2d':
      return work(name, fusedConvFlops(conv), cellBytes(conv))
    case 'conv2dReluMaxPool2dBackwardWeights':
      return work(name, winnerFlops(conv), cellBytes(conv))
    default:
      return { kernel: name, flops: 0, bytes: 0 }
  }
}

/** A float32 and a winner's byte for each cell. */
const cellBytes = (g: Conv2DReluPoolGeometry): number => 5 * g.pooledHeight * g.pooledWidth * g.filters
