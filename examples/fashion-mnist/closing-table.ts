import { alignedTable } from 'convnet-ts'
import {
  type Experiment,
  experiments,
  NOTEBOOK_EPOCHS,
  NOTEBOOK_ROWS,
  type NotebookFigures,
} from './experiments.ts'
import type { Result } from './output.ts'

/**
 * The results beside the notebook's.
 *
 * @param rows how many images each epoch of the run trained on
 */
export function closingTable(results: readonly Result[], rows: number, isRealData: boolean): string {
  const header = ['', 'epochs', 'train accuracy', 'test accuracy', 'test loss', 'run time', 'speed-up']
  const lines = results.flatMap(result => {
    const { notebook } = experiments.find(({ number }) => number === result.experiment) as Experiment
    return [
      [`experiment ${result.experiment}`, ...figures(result, result.epochs), speedUp(result, rows, notebook)],
      ['  the notebook', ...figures(notebook, NOTEBOOK_EPOCHS), ''],
    ]
  })
  return [
    alignedTable(header, lines, [1, 2, 3, 4, 5, 6]),
    '',
    ...notes(results[0].epochs, rows, isRealData),
  ].join('\n')
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
  const all = ["The notebook's run times are rounded, and of an unknown computer."]
  if (epochs !== NOTEBOOK_EPOCHS || rows !== NOTEBOOK_ROWS) {
    all.push(
      `The speed-up is per epoch of ${NOTEBOOK_ROWS} images. This run had ${counted(epochs, 'epoch')} of ${counted(rows, 'image')},`,
      `the notebook ${NOTEBOOK_EPOCHS} of ${NOTEBOOK_ROWS}: other figures cannot be compared.`,
    )
  }
  if (!isRealData)
    all.push('This run used generated drawings: its accuracies say nothing about Fashion-MNIST.')
  return all
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
