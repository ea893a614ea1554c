import { Adam, Dense, Sequential, tensor } from 'convnet-ts'
import { gradCheck } from 'convnet-ts/testing'

const x = tensor(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [4, 2])
const or = Uint8Array.of(0, 1, 1, 1)

const model = new Sequential([new Dense({ units: 2, activation: 'softmax' })], { seed: 1 })
model.compile({
  loss: 'sparseCategoricalCrossentropy',
  optimizer: new Adam({ learningRate: 0.1 }),
  metrics: ['accuracy'],
})
await model.fit(x, or, { batchSize: 4, epochs: 100, verbose: 0 })
const { accuracy } = model.evaluate(x, or)
const { checked } = gradCheck(model)
console.log(JSON.stringify({ accuracy, checked }))
