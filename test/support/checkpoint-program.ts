import { existsSync } from 'node:fs'
import { Dense, loadModel, Sequential, setBackend, tensor } from 'convnet-ts'

/* A program for test/node/killed.test.ts: trains from where the file stands, and saves each step to it, until it is killed. */

setBackend({ kernels: 'reference' }) // They are there at once.
const file = process.argv[2]

function newModel(): Sequential {
  const model = new Sequential([new Dense({ units: 32 })], { inputShape: [500] })
  model.compile({ loss: 'meanSquaredError' })
  return model
}

const model = existsSync(file) ? await loadModel(file) : newModel()
const x = tensor(new Float32Array(500).fill(1), [1, 500])
const y = new Float32Array(32)
for (;;) {
  model.trainOnBatch(x, y)
  await model.save(file)
  console.log(model.getTrainingState().optimizer?.steps)
}
