/*
 * How does the time of a training step grow with filters, batch, size of images and threads? The network is the notebook's
 * second one; one thing at a time is changed.
 */
import type { Answer, Question } from './support/answer.ts'
import { drawnImages } from './support/drawn-images.ts'
import { stepFlops } from './support/flops.ts'
import { notebookGeometry } from './support/geometries.ts'
import { describeMode, headline } from './support/mode.ts'
import { scaledModel, verifyStep } from './support/notebook-model.ts'
import type { Job } from './support/session.ts'
import { type Timing, timeCalls } from './support/timing.ts'

interface Case {
  readonly filters: number
  readonly batch: number
  readonly side: number
}

const UNITS = 64

const cases: readonly Case[] = [
  ...[32, 64, 128, 256].map(filters => ({ filters, batch: 512, side: 28 })),
  ...[1, 8, 64, 512, 4096].map(batch => ({ filters: 64, batch, side: 28 })),
  ...[14, 28, 56, 112].map(side => ({ filters: 64, batch: 128, side })),
]

interface Scaled extends Case, Timing {
  readonly gflops: number
}

/** Verifies each network's gradients, then times its steps. */
export function measureScaling(job: Job): Scaled[] {
  return cases.map(({ filters, batch: full, side }) => {
    const batch = job.quick ? Math.min(full, 4) : full
    const model = scaledModel(filters, side)
    verifyStep(model, drawnImages(2, side), job)
    const { images, labels } = drawnImages(batch, side)
    const step = () => model.trainOnBatch(images, labels)
    const timing = timeCalls(step, job.quick ? { seconds: 0, least: 1 } : { seconds: 0.5, least: 3 })
    const flops = batch * stepFlops(notebookGeometry(filters, UNITS, side))
    return { filters, batch, side, ...timing, gflops: (1e-9 * flops) / timing.best }
  })
}

export const scaling: Question = {
  name: 'scaling',
  async ask(session): Promise<Answer> {
    const mode = headline(session.engines[session.engines.length - 1])
    const measured: Scaled[][] = []
    for (const threads of [1, 2])
      measured.push(await session.measure(mode, { measurement: 'scaling', threads }))
    const rows = measured[0].map(({ filters, batch, side }, i) => {
      const timings = measured.map(run => run[i])
      const times = timings.flatMap(({ best, gflops }) => [1e3 * best, (1e6 * best) / batch, gflops])
      return [filters, batch, side, ...times, timings[0].best / timings[1].best]
    })
    const columns = [1, 2].flatMap(threads => [`ms, ${threads} thr.`, 'µs an image', 'GFLOP/s'])
    return {
      tables: [
        {
          title: `Training steps, ${describeMode(mode)}`,
          header: ['filters', 'batch', 'side', ...columns, '2 thr. over 1'],
          rows,
        },
      ],
      figures: [],
      measured: { mode, measured },
    }
  },
}
