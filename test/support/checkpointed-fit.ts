import {
  type Callback,
  Dense,
  Dropout,
  EarlyStopping,
  Flatten,
  ModelCheckpoint,
  Sequential,
} from 'convnet-ts'
import { toyData } from './toy.ts'

/** Trains a small model for six epochs of five steps, and writes what can be gone on from after every second step. */
export async function checkpointedFit(file: string, resumeFrom?: string, onStep: () => void = () => {}) {
  const { x, y } = toyData(40)
  const layers = [
    new Flatten(),
    new Dense({ units: 8, activation: 'relu' }),
    new Dropout({ rate: 0.4 }),
    new Dense({ units: 3, activation: 'softmax' }),
  ]
  const model = new Sequential(layers, { inputShape: [8, 8, 1] })
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  const stopping = new EarlyStopping({ patience: 10, restoreBestWeights: true })
  let stepsTaken = 0
  const step: Callback = {
    // Slow enough to be killed in its middle.
    async onBatchEnd() {
      stepsTaken++
      onStep()
      await new Promise(resolve => setTimeout(resolve, 10))
    },
  }
  const history = await model.fit(x, y, {
    verbose: 0,
    epochs: 6,
    batchSize: 7,
    validationSplit: 0.2,
    callbacks: [step, new ModelCheckpoint({ file, saveFreq: 2 }), stopping],
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
  })
  const weights = model.getWeights().flatMap(({ data }) => [...data])
  return { history, weights, stepsTaken, best: stopping.best }
}
