/* TensorFlow.js, Layers API, on its plain JavaScript backend: its wasm backend cannot train a Conv2D. */
import {
  checkLearning,
  checkOutputs,
  checkParameters,
  drawnImages,
  EPOCH_ROWS,
  experiments,
  report,
  require,
  THROUGHPUT_ROWS,
  tasks,
  timeCalls,
} from './measure.mjs'

const tf = require('@tensorflow/tfjs')

/** A step of 512 would take half a minute and more. */
const TRAINED_ROWS = 32
const PREDICTED_ROWS = 100

function buildModel({ filters, units, dropout }) {
  const { layers } = tf
  const model = tf.sequential({
    layers: [
      layers.conv2d({ filters, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      ...(dropout > 0 ? [layers.dropout({ rate: dropout })] : []),
      layers.flatten(),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'sigmoid' }),
    ],
  })
  model.compile({ optimizer: tf.train.adam(1e-3), loss: notebookLoss })
  return model
}

function notebookLoss(oneHot, p) {
  const c = p.clipByValue(1e-7, 1 - 1e-7)
  return c.mul(oneHot).sum(1).div(c.sum(1)).log().neg().mean()
}

const tensor = ({ images }) => tf.tensor4d(images, [images.length / 784, 28, 28, 1])

async function train(model) {
  const drawn = drawnImages(TRAINED_ROWS)
  const images = tensor(drawn)
  const oneHot = tf.oneHot(tf.tensor1d(drawn.labels, 'int32'), 10).toFloat()
  const losses = []
  const seconds = await timeCalls(async () => losses.push(await model.trainOnBatch(images, oneHot)))
  checkLearning(losses)
  const scale = EPOCH_ROWS / TRAINED_ROWS
  return { seconds, scale, note: `scaled from steps of ${TRAINED_ROWS} images` }
}

async function predict(model, rows, times) {
  const images = tensor(drawnImages(rows))
  const call = () => tf.tidy(() => model.predict(images).dataSync())
  checkOutputs(call(), rows)
  return { seconds: await timeCalls(call, times) }
}

async function throughput(model) {
  const { seconds } = await predict(model, PREDICTED_ROWS)
  const scale = THROUGHPUT_ROWS / PREDICTED_ROWS
  return { seconds, scale, note: `scaled from ${PREDICTED_ROWS} images` }
}

await tf.setBackend('cpu')
const common = { peer: 'tfjs', version: `TensorFlow.js ${tf.version.tfjs}`, threads: 1, note: '' }
const measures = { train, latency: model => predict(model, 1, 20), throughput }

for (const experiment of experiments) {
  const model = buildModel(experiment)
  checkParameters(model.countParams(), experiment)
  for (const task of tasks) {
    // Inference drops nothing: experiment 3 is experiment 2.
    if (task !== 'train' && experiment.dropout > 0) continue
    report({ ...common, task, experiment: experiment.number, ...(await measures[task](model)) })
  }
}
