/*
 * How much memory does training on the full set take at its peak, with the data and their split, and validation after the
 * epoch?
 */
import { fashionMnist, trainTestSplit } from 'convnet-ts'
import { buildModel, experiments as notebook } from '../examples/fashion-mnist/experiments.ts'
import type { Answer, Question } from './support/answer.ts'
import { describeMode, hasTurbo, headline } from './support/mode.ts'
import { BATCH, experimentNumbers } from './support/notebook-model.ts'
import type { Job } from './support/session.ts'

const MEGABYTE = 1e6

interface MeasuredMemory {
  /** Of the resident set, at its largest. */
  readonly megabytes: number
  /** Where the images came from. */
  readonly source: string
}

/** An epoch with validation, in a process of its own for each experiment. */
export async function measureMemory({ experiment, quick }: Job): Promise<MeasuredMemory> {
  const { train, source } = await fashionMnist()
  const count = quick ? 2000 : train.labels.length
  const testSize = count / 5
  const split = trainTestSplit(train.images, train.labels, { testSize, trainSize: count - testSize, seed: 1 })
  await buildModel(notebook[experiment! - 1], 1).fit(split.xTrain, split.yTrain, {
    batchSize: BATCH,
    epochs: 1,
    verbose: 0,
    validationData: [split.xTest, split.yTest],
  })
  return { megabytes: (process.resourceUsage().maxRSS * 1024) / MEGABYTE, source }
}

export const memory: Question = {
  name: 'memory',
  async ask(session): Promise<Answer> {
    const measured = []
    for (const engine of session.engines) {
      for (const experiment of experimentNumbers) {
        const mode = headline(engine)
        const job = { measurement: 'memory', threads: 2, experiment }
        measured.push({ mode, experiment, ...(await session.measure<MeasuredMemory>(mode, job)) })
      }
    }
    const second = measured.filter(({ mode, experiment }) => experiment === 2 && hasTurbo(mode.engine))
    return {
      tables: [
        {
          title: `Peak resident memory of an epoch with validation, ${measured[0].source}`,
          header: ['mode', 'experiment', 'MB'],
          rows: measured.map(({ mode, experiment, megabytes }) => [
            describeMode(mode),
            experiment,
            megabytes,
          ]),
        },
      ],
      figures: second.map(({ mode, megabytes }) => ({
        name: `experiment 2, peak memory, ${describeMode(mode)}`,
        value: megabytes,
        unit: 'MB',
        atMost: 600,
      })),
      measured,
    }
  },
}
