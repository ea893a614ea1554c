import type { History } from '../../model/callbacks/history.ts'

/** The names of the numbers that training has for each epoch: loss, metrics, and what callbacks added to them all. */
export function trainedNumbers({ epoch, history }: History): string[] {
  return Object.keys(history).filter(
    name => history[name].length === epoch.length && !/^val[A-Z]/.test(name) && name !== 'learningRate',
  )
}
