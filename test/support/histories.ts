import { History } from '../../src/model/callbacks/history.ts'

/** The History of a `fit` whose epochs had these numbers; each epoch took half a second, and its validation a tenth. */
export function historyOf(numbers: { readonly [name: string]: readonly number[] }): History {
  const history = new History()
  const epochs = Math.max(...Object.values(numbers).map(values => values.length))
  history.epoch = Array.from({ length: epochs }, (_, i) => i)
  history.history = Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, [...values]]))
  history.seconds = history.epoch.map(() => 0.5)
  history.valSeconds = history.epoch.map(() => ('valLoss' in numbers ? 0.1 : 0))
  return history
}
