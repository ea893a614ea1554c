import { Adam, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Rescaling, Sequential } from 'convnet-ts'

/** One of the notebook's models, and what the notebook says of it. */
export interface Experiment {
  readonly number: 1 | 2 | 3
  /** Filters of the convolution. */
  readonly filters: number
  /** Units of the hidden dense layer. */
  readonly units: number
  /** The share of pooled values that training drops; 0 for no Dropout layer. */
  readonly dropout: number
  readonly notebook: NotebookFigures
}

/** After 50 epochs of 48,000 images; how long they took on its author's computer is roughly told. */
export interface NotebookFigures {
  readonly accuracy: number
  readonly testAccuracy: number
  readonly testLoss: number
  readonly seconds: number
}

export const LEARNING_RATE = 0.001

export const NOTEBOOK_EPOCHS = 50
export const NOTEBOOK_ROWS = 48_000

export const experiments: readonly Experiment[] = [
  {
    number: 1,
    filters: 32,
    units: 32,
    dropout: 0,
    notebook: { accuracy: 0.9519, testAccuracy: 0.91, testLoss: 0.266, seconds: 1500 },
  },
  {
    number: 2,
    filters: 64,
    units: 64,
    dropout: 0,
    notebook: { accuracy: 0.9882, testAccuracy: 0.918, testLoss: 0.305, seconds: 5000 },
  },
  {
    number: 3,
    filters: 64,
    units: 64,
    dropout: 0.17,
    notebook: { accuracy: 0.9679, testAccuracy: 0.916, testLoss: 0.283, seconds: 3500 },
  },
]

/** Builds and compiles the model of an experiment; `seed` decides its first weights, its shuffles and its dropout. */
export function buildModel({ number, filters, units, dropout }: Experiment, seed: number): Sequential {
  const model = new Sequential(
    [
      new Rescaling({ scale: 1 / 255 }),
      new Conv2D({ filters, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D({ poolSize: 2 }),
      ...(dropout > 0 ? [new Dropout({ rate: dropout })] : []),
      new Flatten(),
      new Dense({ units, activation: 'relu' }),
      new Dense({ units: 10, activation: 'sigmoid' }),
    ],
    { inputShape: [28, 28, 1], name: `experiment_${number}`, seed },
  )
  model.compile({
    loss: 'sparseCategoricalCrossentropy',
    optimizer: new Adam({ learningRate: LEARNING_RATE }),
    metrics: ['accuracy'],
  })
  return model
}
