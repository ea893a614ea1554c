import {
  Conv2D,
  Dense,
  Flatten,
  MaxPool2D,
  random,
  Sequential,
  type SequentialOptions,
  type Tensor,
  tensor,
} from 'convnet-ts'

/** A small model for 8×8 images of three classes, compiled. */
export function toyModel(options: SequentialOptions = {}): Sequential {
  const model = new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D(),
      new Flatten(),
      new Dense({ units: 3, activation: 'softmax' }),
    ],
    { inputShape: [8, 8, 1], ...options },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
  return model
}

/** Noisy 8×8 images, brighter at the top, in the middle or at the bottom: their class. */
export function toyData(rows: number, seed = 0): { x: Tensor; y: Uint8Array } {
  const next = random(seed, 'toy')
  const y = Uint8Array.from({ length: rows }, () => Math.floor(3 * next()))
  const x = tensor(new Float32Array(rows * 64), [rows, 8, 8, 1])
  for (let i = 0; i < rows * 64; i++) {
    const row = Math.floor(i / 64)
    const third = Math.floor((i % 64) / 22)
    x.data[i] = next() + (third === y[row] ? 0.5 : 0)
  }
  return { x, y }
}
