import { buildModel, type Experiment } from '../../examples/fashion-mnist/experiments.ts'
import type { LabelledImages } from '../../src/data/fashion-mnist.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { Network } from '../../src/model/plan/network.ts'
import { labelledRows } from '../../src/model/rows.ts'
import type { Sequential } from '../../src/model/sequential.ts'
import { Objective } from '../../src/model/training/objective.ts'
import { Trainer } from '../../src/model/training/trainer.ts'

/** Rows of batches, one after the other: shards of many sizes, and one image alone. */
const BATCHES = [24, 17, 24, 1]

/** The network of an experiment after so many steps of Adam in small batches. */
export function trained(
  kernels: Kernels<Float32Array>,
  experiment: Experiment,
  data: LabelledImages,
  steps = 20,
): Network<Float32Array> {
  return trainedModel(kernels, buildModel(experiment, 1), data, steps)
}

/** The same of any compiled model of images of 28×28. */
export function trainedModel(
  kernels: Kernels<Float32Array>,
  { layers, compiled }: Sequential,
  { images, labels }: LabelledImages,
  steps: number,
): Network<Float32Array> {
  const { loss, optimizer, metrics } = compiled!
  const network = new Network(kernels, layers, [28, 28, 1], 1)
  const objective = new Objective(network, loss, metrics)
  const trainer = new Trainer(network, optimizer, objective, Math.max(...BATCHES))
  const data = labelledRows('trained', images, labels, network, loss)
  let from = 0
  for (let step = 0; step < steps; step++) {
    const rows = BATCHES[step % BATCHES.length]
    if (!trainer.step(data, { order: null, from, rows }, 3)) throw new Error(`step ${step} fails`)
    from = (from + rows) % (data.x.count - Math.max(...BATCHES))
  }
  return network
}
