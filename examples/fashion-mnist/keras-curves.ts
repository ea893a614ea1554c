import { readFileSync } from 'node:fs'
import type { Experiment } from './experiments.ts'

/** The numbers of each epoch, as a `History` has them. */
type Curves = { readonly [name: string]: readonly number[] }

/**
 * How the same three models learnt with Keras 3.15 on TensorFlow 2.21, whose loss on sigmoid outputs was written out as the
 * notebook meant it: official files, seed 1, 50 epochs. The notebook itself publishes figures of its last epoch alone.
 */
const curves: { readonly [experiment: string]: Curves } = JSON.parse(
  readFileSync(new URL('./keras-curves.json', import.meta.url), 'utf8'),
)

/** The curves that an experiment's own are drawn upon, as far as it has come. */
export function kerasCurves({ number }: Experiment, epochs: number): { name: string; history: Curves } {
  const history = Object.entries(curves[number]).map(([name, values]) => [name, values.slice(0, epochs)])
  return { name: 'Keras 3', history: Object.fromEntries(history) }
}
