import type { Tensor } from 'convnet-ts'
import {
  classScoreBars,
  confusionHeatMap,
  curveComparison,
  featureMaps,
  filterGrid,
  imageGrid,
  learningCurves,
} from 'convnet-ts/report'
import { kerasCurves } from './keras-curves.ts'
import type { ExperimentData, ExperimentRun } from './run-experiment.ts'

/** What each picture of an experiment shows, by the name of its file. */
const ofAnExperiment = {
  loss: (run, data) => curves(run, data, 'loss'),
  accuracy: (run, data) => curves(run, data, 'accuracy'),
  predictions: (run, { test, classNames }) =>
    imageGrid(test.images, {
      title: titleOf(run, 'the first test images'),
      yTrue: test.labels,
      yPred: run.predicted,
      classNames,
    }),
  'confusion-counts': (run, { classNames }) =>
    confusionHeatMap(run.counts, { title: titleOf(run, 'confusion, in images'), classNames }),
  'confusion-shares': (run, { classNames }) =>
    confusionHeatMap(run.shares, { title: titleOf(run, 'confusion, as shares'), classNames }),
  'class-scores': run => classScoreBars(run.report, { title: titleOf(run, 'scores of each class') }),
  filters: run => filterGrid(run.kernel, { title: titleOf(run, 'what the filters have learnt') }),
  'feature-maps': (run, { test, classNames }) =>
    featureMaps(run.outputs, {
      title: titleOf(run, 'one image on its way through the layers'),
      image: test.images.pick(0) as Tensor<Uint8Array>,
      classNames,
    }),
} satisfies { readonly [name: string]: (run: ExperimentRun, data: ExperimentData) => string }

/** The same for the pictures that compare the experiments. */
const ofAll = {
  'validation-accuracy': runs => comparison(runs, 'Accuracy on the validation images', 'valAccuracy'),
  'validation-loss': runs => comparison(runs, 'Loss on the validation images', 'valLoss'),
} satisfies { readonly [name: string]: (runs: readonly ExperimentRun[]) => string }

/** Pictures as SVG, by the names of their files. */
export type ExperimentPictures = { readonly [name in keyof typeof ofAnExperiment]: string }
export type ComparisonPictures = { readonly [name in keyof typeof ofAll]: string }

export const experimentPictureNames = Object.keys(ofAnExperiment)
export const comparisonPictureNames = Object.keys(ofAll)

/** Draws what an experiment has come to. */
export function experimentPictures(run: ExperimentRun, data: ExperimentData): ExperimentPictures {
  const drawn = Object.entries(ofAnExperiment).map(([name, draw]) => [name, draw(run, data)])
  return Object.fromEntries(drawn)
}

/** Draws the experiments beside each other. */
export function comparisonPictures(runs: readonly ExperimentRun[]): ComparisonPictures {
  const drawn = Object.entries(ofAll).map(([name, draw]) => [name, draw(runs)])
  return Object.fromEntries(drawn)
}

function curves(run: ExperimentRun, { isWhole }: ExperimentData, metric: string): string {
  const { experiment, history } = run
  const reference = isWhole ? kerasCurves(experiment, history.epoch.length) : undefined
  return learningCurves(history, { title: titleOf(run, metric), metrics: [metric], reference })
}

function comparison(runs: readonly ExperimentRun[], title: string, metric: string): string {
  const histories = runs.map(({ experiment, history }) => [`experiment ${experiment.number}`, history])
  return curveComparison(Object.fromEntries(histories), { title, metric })
}

const titleOf = ({ experiment }: ExperimentRun, what: string) => `Experiment ${experiment.number}: ${what}`
