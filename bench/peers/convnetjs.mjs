/* ConvNetJS: plain JavaScript, one image at a time. Its release has no Adam; windowgrad, an RMSProp, is the nearest. */
import {
  checkLearning,
  checkParameters,
  drawnImages,
  EPOCH_ROWS,
  experiments,
  report,
  require,
  timeCalls,
  versionOf,
} from './measure.mjs'

const { Net, Trainer, Vol } = require('convnetjs')

/** Images between two updates; its time goes into the images. */
const ROWS = 128
/** windowgrad corrects no bias: at Adam's rate its first steps are several times too long. */
const LEARNING_RATE = 1e-4

/** Takes the place of the softmax: p = sigmoid(z), c = clip(p, 1e-7, 1 − 1e-7), loss = −log(c_y / Σc). */
class NotebookLoss {
  forward(z) {
    this.z = z
    this.p = Array.from(z.w, value => 1 / (1 + Math.exp(-value)))
    return z
  }

  backward(y) {
    const c = this.p.map(p => Math.min(Math.max(p, 1e-7), 1 - 1e-7))
    const sum = c.reduce((a, b) => a + b)
    this.z.dw = this.p.map((p, i) => (p === c[i] ? (1 / sum - (i === y ? 1 / c[y] : 0)) * p * (1 - p) : 0))
    return -Math.log(c[y] / sum)
  }

  getParamsAndGrads() {
    return []
  }
}

function buildNet({ filters, units, dropout }) {
  const net = new Net()
  net.makeLayers([
    { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
    { type: 'conv', sx: 3, filters, stride: 1, pad: 0, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2, ...(dropout > 0 && { drop_prob: dropout }) },
    { type: 'fc', num_neurons: units, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ])
  net.layers[net.layers.length - 1] = new NotebookLoss()
  return net
}

function vol(pixels) {
  const image = new Vol(28, 28, 1, 0)
  image.w.set(pixels)
  return image
}

const drawn = drawnImages(ROWS)
const batch = Array.from(drawn.labels, (label, row) => ({
  image: vol(drawn.images.subarray(row * 784, (row + 1) * 784)),
  label,
}))

for (const experiment of experiments) {
  const net = buildNet(experiment)
  const sizes = net.getParamsAndGrads().map(({ params }) => params.length)
  checkParameters(
    sizes.reduce((a, b) => a + b),
    experiment,
  )
  const trainer = new Trainer(net, { method: 'windowgrad', learning_rate: LEARNING_RATE, batch_size: ROWS })
  const losses = []
  const seconds = await timeCalls(() => {
    const total = batch.reduce((sum, { image, label }) => sum + trainer.train(image, label).loss, 0)
    losses.push(total / ROWS)
  })
  checkLearning(losses)
  report({
    peer: 'convnetjs',
    version: `ConvNetJS ${versionOf('convnetjs')}`,
    task: 'train',
    experiment: experiment.number,
    seconds,
    scale: EPOCH_ROWS / ROWS,
    threads: 1,
    note: `windowgrad, not Adam; scaled from steps of ${ROWS} images`,
  })
}
