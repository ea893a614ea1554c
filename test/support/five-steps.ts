import { Conv2D, Dense, Dropout, Flatten, MaxPool2D, random, Sequential, tensor } from 'convnet-ts'

/** Trains a small network for five steps on drawn images: one epoch of 20 rows, four at a time. */
export async function fiveSteps(): Promise<{ readonly loss: number; readonly weights: number[] }> {
  const next = random(7, 'five steps')
  const images = tensor(
    Uint8Array.from({ length: 20 * 8 * 8 }, () => 256 * next()),
    [20, 8, 8, 1],
  )
  const labels = Uint8Array.from({ length: 20 }, () => 10 * next())
  const model = new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Dropout({ rate: 0.25 }),
      new Flatten(),
      new Dense({ units: 8, activation: 'relu', kernelInitializer: 'heNormal' }),
      new Dense({ units: 10, activation: 'sigmoid' }),
    ],
    { seed: 7 },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  const { history } = await model.fit(images, labels, { batchSize: 4, verbose: 0 })
  const weights = model.getWeights().flatMap(({ data }) => Array.from(data))
  const [loss = Number.NaN] = history.loss ?? []
  return { loss, weights }
}
