import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  type Layer,
  MaxPool2D,
  Rescaling,
  random,
  Sequential,
  type Shape,
  type Tensor,
  tensor,
} from 'convnet-ts'
import fc from 'fast-check'
import { activations, drawnGeometries } from './geometries.ts'

/** A model with drawn weights, biases and all, and rows for it. */
export interface ExportedModel {
  readonly model: Sequential
  readonly x: Tensor
}

const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
const padding = fc.constantFrom('valid' as const, 'same' as const)

const windowed: fc.Arbitrary<Layer> = fc.oneof(
  fc
    .record({
      filters: fc.integer({ min: 1, max: 5 }),
      kernelSize: pair(5),
      strides: pair(3),
      padding,
      activation: activations,
      useBias: fc.boolean(),
    })
    .map(options => new Conv2D(options)),
  fc.record({ poolSize: pair(5), strides: pair(3), padding }).map(options => new MaxPool2D(options)),
)

const elementwise: fc.Arbitrary<Layer> = fc.oneof(
  fc.record({ activation: activations }).map(options => new Activation(options)),
  fc.constantFrom(new Dropout({ rate: 0.3 })),
  fc
    .constantFrom({ scale: 1 / 3 }, { scale: -2, offset: 0.7 }, { scale: 0, offset: -0 })
    .map(options => new Rescaling(options)),
)

const dense: fc.Arbitrary<Layer> = fc
  .record({ units: fc.integer({ min: 1, max: 6 }), activation: activations, useBias: fc.boolean() })
  .map(options => new Dense(options))

const head: fc.Arbitrary<Layer[]> = fc
  .array(fc.oneof(elementwise, dense), { maxLength: 3 })
  .map(layers => [new Flatten(), ...layers])

/** Models of every layer with every option: of images that stay images, and of those that become vectors. */
const models: fc.Arbitrary<ExportedModel> = fc
  .record({
    inputShape: fc.tuple(
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
    ),
    body: fc.array(fc.oneof(windowed, windowed, elementwise), { minLength: 1, maxLength: 4 }),
    head: fc.option(head, { nil: [] }),
    seed: fc.nat(1000),
  })
  .filter(({ inputShape, body }) => fits(inputShape, body))
  .map(({ inputShape, body, head, seed }) => exportedModel([...body, ...head], inputShape, seed))

/** Whether no 'valid' window is larger than what reaches it. */
function fits(inputShape: Shape, layers: readonly Layer[]): boolean {
  try {
    new Sequential(layers, { inputShape })
    return true
  } catch {
    return false
  }
}

/** Gives a model weights and rows. */
export function exportedModel(layers: readonly Layer[], inputShape: Shape, seed = 1): ExportedModel {
  const model = new Sequential(layers, { inputShape })
  const next = random(seed, 'exported')
  model.setWeights(model.getWeights().map(({ data }) => data.map(() => next() - 0.5)))
  const rows = 3
  const size = inputShape.reduce((a, b) => a * b)
  return {
    model,
    x: tensor(
      new Float32Array(rows * size).map(() => 2 * next() - 1),
      [rows, ...inputShape],
    ),
  }
}

/** So many models, the same in each run. */
export const drawnModels = (count: number): ExportedModel[] =>
  fc.sample(models, { ...drawnGeometries, numRuns: count })
