import { alignedTable } from 'convnet-ts'
import { counted, withCommas } from './counted.ts'
import {
  type Experiment,
  experiments,
  NOTEBOOK_EPOCHS,
  NOTEBOOK_ROWS,
  type NotebookFigures,
} from './experiments.ts'
import type { Result } from './output.ts'
import type { ExperimentRun } from './run-experiment.ts'

/** The results beside the notebook's. */
export interface ClosingTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The columns with numbers. */
  readonly right: readonly number[]
  /** What is to be known of the figures, line by line. */
  readonly notes: readonly string[]
}

/** @param rows how many images each epoch of the run trained on */
export function closingTable(results: readonly Result[], rows: number, isRealData: boolean): ClosingTable {
  return {
    header: ['', 'epochs', 'train accuracy', 'test accuracy', 'test loss', 'run time', 'speed-up'],
    rows: results.flatMap(result => {
      const { notebook } = experiments.find(({ number }) => number === result.experiment) as Experiment
      return [
        [
          `experiment ${result.experiment}`,
          ...figures(result, result.epochs),
          speedUp(result, rows, notebook),
        ],
        ['the notebook', ...figures(notebook, NOTEBOOK_EPOCHS), ''],
      ]
    }),
    right: [1, 2, 3, 4, 5, 6],
    notes: notes(results[0].epochs, rows, isRealData),
  }
}

/** The table for the terminal. */
export function formatClosingTable({ header, rows, right, notes }: ClosingTable): string {
  // Each row of an experiment has the notebook's below it.
  const indented = rows.map(([name, ...cells], i) => [i % 2 === 0 ? name : `  ${name}`, ...cells])
  return [alignedTable(header, indented, right), '', ...notes].join('\n')
}

/** What the figures say, in sentences that are true of any run. */
export function sentences(runs: readonly ExperimentRun[]): string[] {
  const best = runs.reduce((a, b) => (b.result.testAccuracy > a.result.testAccuracy ? b : a))
  const said: string[] = []
  if (runs.length > 1) {
    said.push(
      `On images that no training has seen, experiment ${best.result.experiment} is right most often: ` +
        `${(100 * best.result.testAccuracy).toFixed(2)} % of the time.`,
    )
  }
  for (const { result, history } of runs) {
    const losses = history.history.valLoss
    const lowest = losses.indexOf(Math.min(...losses))
    if (lowest === losses.length - 1) continue
    said.push(
      `The validation loss of experiment ${result.experiment} was lowest after epoch ${lowest + 1}, at ` +
        `${losses[lowest].toFixed(4)}, and ended at ${result.valLoss.toFixed(4)}, while the training loss fell to ` +
        `${result.loss.toFixed(4)}: what was learnt after that holds for the training images more than for others.`,
    )
  }
  return said
}

function figures({ accuracy, testAccuracy, testLoss, seconds }: NotebookFigures, epochs: number): string[] {
  const time = seconds < 100 ? seconds.toFixed(1) : seconds.toFixed(0)
  return [String(epochs), accuracy.toFixed(4), testAccuracy.toFixed(3), testLoss.toFixed(3), `${time} s`]
}

/** How many times faster than the notebook one image was trained on, which is the whole run's where both saw as many. */
function speedUp({ seconds, epochs }: Result, rows: number, notebook: NotebookFigures): string {
  const times = notebook.seconds / (NOTEBOOK_EPOCHS * NOTEBOOK_ROWS) / (seconds / (epochs * rows))
  return `${times.toFixed(times < 9.95 ? 1 : 0)} ×`
}

function notes(epochs: number, rows: number, isRealData: boolean): string[] {
  const all = ["The notebook's run times are rounded, and were measured on an unknown computer."]
  if (epochs !== NOTEBOOK_EPOCHS || rows !== NOTEBOOK_ROWS) {
    all.push(
      `The speed-up is per epoch of ${counted(NOTEBOOK_ROWS, 'image')}. This run had ${counted(epochs, 'epoch')} of ${counted(rows, 'image')},`,
      `the notebook ${NOTEBOOK_EPOCHS} of ${withCommas(NOTEBOOK_ROWS)}: other figures cannot be compared.`,
    )
  }
  if (!isRealData)
    all.push('This run used generated drawings: its accuracies say nothing about Fashion-MNIST.')
  return all
}
