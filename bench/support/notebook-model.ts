import { Adam, Conv2D, Dense, Flatten, MaxPool2D, Rescaling, Sequential } from 'convnet-ts'
import { experiments } from '../../examples/fashion-mnist/experiments.ts'
import { currentBackend } from '../../src/backend/backend.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { Network } from '../../src/model/plan/network.ts'
import { Objective } from '../../src/model/training/objective.ts'
import { flat } from '../../src/tensor/tensor.ts'
import type { DrawnImages } from './drawn-images.ts'
import { type NotebookGeometry, stepFlops } from './flops.ts'
import { notebookGeometry } from './geometries.ts'
import type { Job } from './session.ts'

export const BATCH = 512
export const EPOCH_ROWS = 48_000
export const experimentNumbers = [1, 2, 3] as const

/** The geometry of an experiment. */
export function geometryOf(experiment: number): NotebookGeometry {
  const { filters, units } = experiments[experiment - 1]
  return notebookGeometry(filters, units)
}

/** Useful operations of an epoch. */
export const epochFlops = (experiment: number): number => EPOCH_ROWS * stepFlops(geometryOf(experiment))

/** The notebook's second network with other numbers of filters or sizes of images. */
export function scaledModel(filters: number, side: number): Sequential {
  const layers = [
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters, kernelSize: 3, activation: 'relu' }),
    new MaxPool2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 64, activation: 'relu' }),
    new Dense({ units: 10, activation: 'sigmoid' }),
  ]
  const model = new Sequential(layers, { inputShape: [side, side, 1] })
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new Adam() })
  return model
}

/**
 * Compares the gradients of a step with the float32 reference's: strict ones have to have its bits, fast ones to be within
 * 1e-4, as ‖fast − reference‖₂ / ‖reference‖₂.
 *
 * @param drawn its rows are the batch
 * @throws Error telling by how much they differ
 */
export function verifyStep(model: Sequential, drawn: DrawnImages, { numerics }: Job): void {
  const actual = gradients(model, drawn, currentBackend().kernels)
  const expected = gradients(model, drawn, referenceFloat32)
  const norm = (of: (i: number) => number) => Math.sqrt(expected.reduce((sum, _, i) => sum + of(i) ** 2, 0))
  const error = norm(i => actual[i] - expected[i]) / norm(i => expected[i])
  const isRight = numerics === 'strict' ? actual.every((x, i) => Object.is(x, expected[i])) : error <= 1e-4
  if (!isRight) throw new Error(`the gradients of ${model.name} are off by ${error} (${numerics})`)
}

/** The gradients of one step, without an update. */
function gradients(model: Sequential, { images, labels }: DrawnImages, kernels: Kernels<Float32Array>) {
  const network = new Network(kernels, model.layers, model.inputShape!, model.seed)
  const plan = network.trainingPlan(labels.length)
  const objective = new Objective(network, model.compiled!.loss, [])
  const pass = { training: true, seed: 0, step: 0 }
  plan.input.set(flat(images))
  plan.forward(labels.length, pass)
  objective.add(labels.length, plan.output, Int32Array.from(labels), plan.dOutput)
  plan.backward(labels.length, pass)
  return network.gradients
}
