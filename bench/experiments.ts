/*
 * How long does an epoch of each of the notebook's experiments take, and how near to the peak of the multiply-adds is it?
 * Useful operations alone count, and gradients of winners; the peak is measured in the same process.
 */
import { buildModel, experiments as notebook } from '../examples/fashion-mnist/experiments.ts'
import { higher, measurePeak, type Peak } from './peak.ts'
import type { Answer, Figure, Question } from './support/answer.ts'
import { drawnImages } from './support/drawn-images.ts'
import type { Engine } from './support/engines.ts'
import { share } from './support/format.ts'
import { describeMode, hasTurbo, headlineAndStrict, type Mode } from './support/mode.ts'
import { BATCH, EPOCH_ROWS, epochFlops, experimentNumbers, verifyStep } from './support/notebook-model.ts'
import type { Job } from './support/session.ts'
import { type Timing, timingOf } from './support/timing.ts'
import { checkLearning } from './support/vgg.ts'

/** Epochs are timed until this many seconds have gone, but at least LEAST and at most MOST. */
const SECONDS = 8
const LEAST = 3
const MOST = 12

export interface MeasuredEpochs {
  readonly peak: Peak
  /** Seconds an epoch, of each experiment. */
  readonly epochs: readonly Timing[]
}

/** The peak, and the epochs of all experiments. */
export async function measureEpochs(job: Job): Promise<MeasuredEpochs> {
  const before = await measurePeak(job)
  const epochs: Timing[] = []
  for (const number of experimentNumbers) epochs.push(await timeEpochs(number, job))
  return { peak: higher(before, await measurePeak(job)), epochs }
}

async function timeEpochs(number: number, job: Job): Promise<Timing> {
  const model = buildModel(notebook[number - 1], 1)
  verifyStep(model, drawnImages(32), job)
  const { images, labels } = drawnImages(job.quick ? 2 * BATCH : EPOCH_ROWS)
  const [least, most] = job.quick ? [1, 1] : [LEAST, MOST]
  let began = 0
  const history = await model.fit(images, labels, {
    batchSize: BATCH,
    // The first one is not timed: the engine still optimises.
    epochs: 1 + most,
    verbose: 0,
    callbacks: [
      {
        onEpochEnd(epoch) {
          if (epoch === 0) began = performance.now()
          model.stopTraining = epoch >= least && performance.now() - began > 1000 * SECONDS
        },
      },
    ],
  })
  checkLearning(history.history.loss)
  return timingOf(history.seconds.slice(1))
}

/** Each engine's headline and strict modes; one thread and, where it has turbo, fast numerics without that beside them. */
function runsOf(engine: Engine): [Mode, number][] {
  const [first, ...strict] = headlineAndStrict(engine)
  const untuned: Mode[] = hasTurbo(engine) ? [{ ...first, turbo: false }] : []
  return [[first, 1], ...[first, ...strict, ...untuned].map((mode): [Mode, number] => [mode, 2])]
}

export const experiments: Question = {
  name: 'experiments',
  async ask(session): Promise<Answer> {
    const measured: Run[] = []
    for (const [mode, threads] of session.engines.flatMap(runsOf)) {
      const run = await session.measure<MeasuredEpochs>(mode, { measurement: 'epochs', threads })
      measured.push({ mode, threads, ...run })
    }
    const rows = measured.flatMap(({ mode, threads, peak, epochs }) =>
      epochs.map(({ best, median }, i) => {
        const gflops = (1e-9 * epochFlops(i + 1)) / best
        return [describeMode(mode), threads, i + 1, best, median, gflops, share(gflops / peak.gflops)]
      }),
    )
    return {
      tables: [
        {
          title: `Epochs of ${EPOCH_ROWS} images in batches of ${BATCH}, training alone`,
          header: ['mode', 'threads', 'experiment', 's, best', 's, median', 'GFLOP/s', 'of peak'],
          rows,
        },
      ],
      figures: session.engines.filter(hasTurbo).flatMap(engine => figuresOf(engine, measured)),
      measured,
    }
  },
}

interface Run extends MeasuredEpochs {
  readonly mode: Mode
  readonly threads: number
}

function figuresOf(engine: Engine, measured: readonly Run[]): Figure[] {
  const [one, two] = [1, 2].map(
    wanted => measured.find(({ mode, threads }) => mode.engine === engine && threads === wanted)!,
  )
  const second = two.epochs[1].best
  const gflops = (1e-9 * epochFlops(2)) / second
  const name = describeMode(two.mode)
  return [
    {
      name: `experiment 2, of the two-thread peak, ${name}`,
      value: (100 * gflops) / two.peak.gflops,
      unit: '%',
      atLeast: 60,
    },
    {
      name: `experiment 2, two threads over one, ${name}`,
      value: one.epochs[1].best / second,
      unit: '×',
      atLeast: 1.7,
    },
  ]
}
