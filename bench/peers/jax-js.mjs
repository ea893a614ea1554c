/* jax-js on its wasm backend, which is its only fast one in Node. Its arrays are counted: `.ref` keeps one alive. */
import {
  checkLearning,
  checkParameters,
  random as drawn,
  drawnImages,
  EPOCH_ROWS,
  experiments,
  report,
  require,
  timeCalls,
  versionOf,
} from './measure.mjs'

const { defaultDevice, init, jit, lax, nn, numpy: np, random, tree, valueAndGrad } = require('@jax-js/jax')

const ROWS = 512

function glorot(shape, fanIn, fanOut) {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  const size = shape.reduce((a, b) => a * b)
  return np.array(new Float32Array(size).map(() => limit * (2 * drawn() - 1))).reshape(shape)
}

const initialParameters = ({ filters, units }) => ({
  conv: glorot([filters, 1, 3, 3], 9, 9 * filters),
  convBias: np.zeros([filters, 1, 1]),
  dense: glorot([filters * 169, units], filters * 169, units),
  denseBias: np.zeros([units]),
  output: glorot([units, 10], units, 10),
  outputBias: np.zeros([10]),
})

const like = (parameters, value) => tree.map(p => np.full(p.shape, value), parameters)

const maxPool = x => lax.reduceWindow(x, np.max, [2, 2], [2, 2])

/** −log(c_y / Σc) of sigmoid outputs, averaged. */
function notebookLoss(p, oneHot) {
  const c = np.clip(p, 1e-7, 1 - 1e-7)
  return np
    .log(np.sum(c.ref.mul(oneHot), 1).div(np.sum(c, 1)))
    .mul(-1)
    .mean()
}

function lossOf(dropout) {
  return (w, images, oneHot, key) => {
    const convolved = nn.relu(lax.conv(images, w.conv, [1, 1], 'VALID').add(w.convBias))
    let pooled = maxPool(convolved)
    if (dropout > 0) {
      const kept = random.bernoulli(key, 1 - dropout, pooled.shape)
      pooled = np.where(kept, pooled.mul(1 / (1 - dropout)), 0)
    } else key.dispose()
    const flat = pooled.reshape([ROWS, -1])
    const hidden = nn.relu(np.matmul(flat, w.dense).add(w.denseBias))
    return notebookLoss(nn.sigmoid(np.matmul(hidden, w.output).add(w.outputBias)), oneHot)
  }
}

/** One step of Adam as Keras has it; `rate` is lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ). */
function trainingStep(dropout) {
  return jit((w, m, v, images, oneHot, key, rate) => {
    const [loss, gradients] = valueAndGrad(lossOf(dropout))(tree.ref(w), images, oneHot, key)
    const newM = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(gradients))
    const newV = tree.map((a, g) => a.mul(0.999).add(np.square(g).mul(0.001)), v, gradients)
    const update = (p, a, b) => p.sub(a.mul(rate.ref).div(np.sqrt(b).add(1e-7)))
    const newW = tree.map(update, w, tree.ref(newM), tree.ref(newV))
    rate.dispose()
    return [loss, newW, newM, newV]
  })
}

await init('wasm')
defaultDevice('wasm')
const data = drawnImages(ROWS)
const images = np.array(data.images).reshape([ROWS, 1, 28, 28])
const oneHot = nn.oneHot(np.array(data.labels, { dtype: np.int32 }), 10)

for (const experiment of experiments) {
  let w = initialParameters(experiment)
  checkParameters(
    tree.leaves(w).reduce((sum, { size }) => sum + size, 0),
    experiment,
  )
  let m = like(w, 0)
  let v = like(w, 0)
  const step = trainingStep(experiment.dropout)
  const losses = []
  const seconds = await timeCalls(async () => {
    const t = losses.length + 1
    const rate = np.array((1e-3 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t))
    let loss
    ;[loss, w, m, v] = step(w, m, v, images.ref, oneHot.ref, random.key(t), rate)
    for (const array of tree.leaves([w, m, v])) await array.blockUntilReady()
    losses.push((await loss.data())[0])
  })
  checkLearning(losses)
  report({
    peer: 'jax-js',
    version: `jax-js ${versionOf('@jax-js/jax')}`,
    task: 'train',
    experiment: experiment.number,
    seconds,
    scale: EPOCH_ROWS / ROWS,
    threads: 1,
    note: `scaled from steps of ${ROWS} images`,
  })
}
