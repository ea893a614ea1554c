/*
 * Where does the time of a training step go? Each kernel is timed where it stands in the step: what it reads has often left the
 * caches since it was written, while `kernels` calls one again and again on the same arrays.
 */
import { buildModel, experiments as notebook } from '../examples/fashion-mnist/experiments.ts'
import { currentBackend } from '../src/backend/backend.ts'
import type { Conv2DReluPoolGeometry, DenseGeometry, Kernels } from '../src/kernels/kernels.ts'
import { higher, measurePeak, type Peak } from './peak.ts'
import type { Answer, Cell, Question, Table } from './support/answer.ts'
import { drawnImages } from './support/drawn-images.ts'
import { denseFlops, fusedConvFlops, winnerFlops } from './support/flops.ts'
import { share } from './support/format.ts'
import { describeMode, headline, type Mode } from './support/mode.ts'
import { BATCH, EPOCH_ROWS, experimentNumbers, verifyStep } from './support/notebook-model.ts'
import type { Job } from './support/session.ts'
import { checkLearning } from './support/vgg.ts'

const EPOCHS = 8

/** What takes a smaller part of a step is shown in one row with others. */
const SMALL = 0.01

/** What a call of a kernel has to do. */
interface Work {
  /** Its name, and its geometry where a step has several of its kind. */
  readonly kernel: string
  readonly flops: number
  /** Bytes of its widest operands, which are too many for the caches. */
  readonly bytes: number
}

/** Of the kernels that take nearly all of a step; of the others the name alone. */
function workOf(name: string, [geometry, rows]: unknown[]): Work {
  const dense = geometry as DenseGeometry
  const conv = geometry as Conv2DReluPoolGeometry
  const work = (kernel: string, flops: number, bytes: number) => {
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

/** A kernel's part of an experiment's training. */
interface Part extends Work {
  readonly seconds: number
}

interface MeasuredStep {
  readonly peak: Peak
  readonly seconds: number
  /** Those that take longest first. */
  readonly parts: readonly Part[]
}

/** Times an experiment's steps and the kernels in them, over its fastest epoch. */
export async function measureProfile(job: Job): Promise<MeasuredStep> {
  const before = await measurePeak(job)
  const clock = new Clock(currentBackend().kernels)
  const model = buildModel(notebook[job.experiment! - 1], 1)
  verifyStep(model, drawnImages(32), job)
  const { images, labels } = drawnImages(job.quick ? 2 * BATCH : EPOCH_ROWS)
  const epochs: Part[][] = []
  clock.takeParts()
  const { seconds, history } = await model.fit(images, labels, {
    batchSize: BATCH,
    epochs: job.quick ? 2 : EPOCHS,
    verbose: 0,
    callbacks: [{ onEpochEnd: () => void epochs.push(clock.takeParts()) }],
  })
  checkLearning(history.loss)
  const peak = higher(before, await measurePeak(job))
  const steps = Math.ceil(labels.length / BATCH)
  const best = Math.min(...seconds)
  const parts = epochs[seconds.indexOf(best)].map(part => ({
    kernel: part.kernel,
    seconds: part.seconds / steps,
    flops: part.flops / steps,
    bytes: part.bytes / steps,
  }))
  return { peak, seconds: best / steps, parts: parts.sort((a, b) => b.seconds - a.seconds) }
}

/** Adds up the time in each of a kernel set's functions, in whose places it puts its own. */
class Clock {
  readonly #parts = new Map<string, Part>()

  constructor(kernels: Kernels<Float32Array>) {
    for (const name of Object.keys(kernels) as (keyof typeof kernels)[]) {
      const kernel = kernels[name] as unknown
      if (typeof kernel !== 'function' || ['allocate', 'release', 'owns'].includes(name)) continue
      const timed = (...args: unknown[]) => {
        const began = performance.now()
        kernel(...args)
        this.#add(name, args, (performance.now() - began) / 1000)
      }
      Object.assign(kernels, { [name]: timed })
    }
  }

  /** What was added up since this was asked for the last time. */
  takeParts(): Part[] {
    const parts = [...this.#parts.values()]
    this.#parts.clear()
    return parts
  }

  #add(name: string, args: unknown[], seconds: number): void {
    const { kernel, flops, bytes } = workOf(name, args)
    const before = this.#parts.get(kernel) ?? { kernel, seconds: 0, flops: 0, bytes: 0 }
    this.#parts.set(kernel, {
      kernel,
      seconds: before.seconds + seconds,
      flops: before.flops + flops,
      bytes: before.bytes + bytes,
    })
  }
}

export const profile: Question = {
  name: 'profile',
  async ask(session): Promise<Answer> {
    const tables: Table[] = []
    const measured = []
    for (const mode of session.engines.map(headline)) {
      for (const experiment of session.quick ? [1] : experimentNumbers) {
        const job = { measurement: 'profile', threads: 2, experiment }
        const step = await session.measure<MeasuredStep>(mode, job)
        tables.push(tableOf(mode, experiment, step))
        measured.push({ mode, experiment, ...step })
      }
    }
    return { tables, figures: [], measured }
  },
}

function tableOf(mode: Mode, experiment: number, { peak, seconds, parts }: MeasuredStep): Table {
  const row = (name: string, own: number, gflop = 0, gigabytes = 0): Cell[] => [
    name,
    1e3 * own,
    share(own / seconds),
    gflop > 0 ? gflop / own : null,
    gflop > 0 ? share(gflop / own / peak.gflops) : null,
    gigabytes > 0 ? gigabytes / own : null,
  ]
  const isLarge = (part: Part) => part.seconds >= SMALL * seconds
  const [large, small] = [parts.filter(isLarge), parts.filter(part => !isLarge(part))]
  const total = (of: readonly Part[], field: 'seconds' | 'flops') =>
    of.reduce((sum, part) => sum + part[field], 0)
  return {
    title: `A step of experiment ${experiment}, ${describeMode(mode)}; peak ${peak.gflops.toFixed(0)} GFLOP/s of 2 threads`,
    header: ['kernel', 'ms', 'of the step', 'GFLOP/s', 'of peak', 'GB/s'],
    rows: [
      ...large.map(({ kernel, seconds: own, flops, bytes }) => row(kernel, own, 1e-9 * flops, 1e-9 * bytes)),
      row(`${small.length} smaller ones`, total(small, 'seconds')),
      row('between the kernels', seconds - total(parts, 'seconds')),
      row('the whole step', seconds, 1e-9 * total(parts, 'flops')),
    ],
  }
}
