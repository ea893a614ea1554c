/*
 * Where does the time of a training step go? Each kernel is timed where it stands in the step: what it reads has often left the
 * caches since it was written, while `kernels` calls one again and again on the same arrays.
 */
import { buildModel, experiments as notebook } from '../examples/fashion-mnist/experiments.ts'
import { currentBackend } from '../src/backend/backend.ts'
import { higher, measurePeak, type Peak } from './peak.ts'
import type { Answer, Cell, Question, Table } from './support/answer.ts'
import { drawnImages } from './support/drawn-images.ts'
import { stepFlops } from './support/flops.ts'
import { share } from './support/format.ts'
import { KernelClock, type Part } from './support/kernel-clock.ts'
import { describeMode, headline, type Mode } from './support/mode.ts'
import { BATCH, EPOCH_ROWS, experimentNumbers, geometryOf, verifyStep } from './support/notebook-model.ts'
import type { Job } from './support/session.ts'
import { checkLearning } from './support/vgg.ts'

const EPOCHS = 8

/** What takes a smaller part of a step is shown in one row with others. */
const SMALL = 0.01

/** One step, on the average of the fastest epoch. */
interface MeasuredStep {
  readonly peak: Peak
  readonly seconds: number
  /** Useful operations. */
  readonly flops: number
  /** Those that take longest first. */
  readonly parts: readonly Part[]
}

/** Times an experiment's steps and the kernels in them. */
export async function measureProfile(job: Job): Promise<MeasuredStep> {
  const before = await measurePeak(job)
  const model = buildModel(notebook[job.experiment! - 1], 1)
  verifyStep(model, drawnImages(32), job)
  const { images, labels } = drawnImages(job.quick ? 2 * BATCH : EPOCH_ROWS)
  const clock = new KernelClock(currentBackend().kernels)
  const epochs: Part[][] = []
  const { seconds, history } = await model.fit(images, labels, {
    batchSize: BATCH,
    epochs: job.quick ? 2 : EPOCHS,
    verbose: 0,
    callbacks: [{ onEpochEnd: () => void epochs.push(clock.takeParts()) }],
  })
  checkLearning(history.loss)
  const peak = higher(before, await measurePeak(job))
  const steps = Math.ceil(labels.length / BATCH)
  const flops = (labels.length * stepFlops(geometryOf(job.experiment!))) / steps
  const best = Math.min(...seconds)
  const parts = epochs[seconds.indexOf(best)].map(part => ({
    kernel: part.kernel,
    seconds: part.seconds / steps,
    flops: part.flops / steps,
    bytes: part.bytes / steps,
  }))
  return { peak, seconds: best / steps, flops, parts: parts.sort((a, b) => b.seconds - a.seconds) }
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

function tableOf(mode: Mode, experiment: number, step: MeasuredStep): Table {
  const { peak, seconds: whole, parts } = step
  const row = (name: string, seconds: number, flops = 0, bytes = 0): Cell[] => [
    name,
    1e3 * seconds,
    share(seconds / whole),
    flops > 0 ? (1e-9 * flops) / seconds : null,
    flops > 0 ? share((1e-9 * flops) / seconds / peak.gflops) : null,
    bytes > 0 ? (1e-9 * bytes) / seconds : null,
  ]
  const isLarge = ({ seconds }: Part) => seconds >= SMALL * whole
  const small = parts.filter(part => !isLarge(part))
  const total = (of: readonly Part[]) => of.reduce((sum, { seconds }) => sum + seconds, 0)
  const ran = `${describeMode(mode)}, ${peak.threads} threads; peak ${peak.gflops.toFixed(0)} GFLOP/s`
  return {
    title: `A step of experiment ${experiment}, ${ran}`,
    header: ['kernel', 'ms', 'of the step', 'GFLOP/s', 'of peak', 'GB/s of activations'],
    rows: [
      ...parts.filter(isLarge).map(({ kernel, seconds, flops, bytes }) => row(kernel, seconds, flops, bytes)),
      row(`${small.length} smaller ones`, total(small)),
      row('gathering, loss, metrics', whole - total(parts)),
      row('the whole step', whole, step.flops),
    ],
  }
}
