import { readFileSync } from 'node:fs'
import type { Curves, ReferenceCurves } from 'convnet-ts/report'
import type { Experiment } from './experiments.ts'

/**
 * How the same three models learnt with Keras 3.15 on TensorFlow 2.21: official files, 48,000 images to train on and 12,000 for
 * validation, batches of 512, seed 1, 50 epochs, and the loss written out as in bench/peers/keras-tensorflow.py. They were
 * measured once and are kept as they were. The notebook itself publishes figures of its last epoch alone.
 */
const curves: { readonly [experiment: string]: Curves } = JSON.parse(
  readFileSync(new URL('./keras-curves.json', import.meta.url), 'utf8'),
)

/** The curves that an experiment's own are drawn upon, as far as it has come. */
export function kerasCurves({ number }: Experiment, epochs: number): ReferenceCurves {
  const history = Object.entries(curves[number]).map(([name, values]) => [name, values.slice(0, epochs)])
  return { name: 'Keras 3', history: Object.fromEntries(history) }
}
