import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Dense } from '../../src/layers/dense.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import { Flatten } from '../../src/layers/flatten.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import { Sequential } from '../../src/model/sequential.ts'
import { readIdx } from '../../src/node/files/read-idx.ts'
import { Adam } from '../../src/optim/adam.ts'
import type { Optimizer } from '../../src/optim/optimizer.ts'
import { SGD } from '../../src/optim/sgd.ts'
import { expectClose, relativeError } from '../support/compare.ts'
import { centred, generatedImages } from '../support/generated.ts'
import { realData, testWithRealData } from '../support/real-data.ts'

/** Five steps by PyTorch; golden/parity.py makes them. */
interface Run {
  readonly data: 'generated' | 'fashion-mnist'
  readonly filters: number
  readonly units: number
  /** The rows of each batch, taken from the data in order. */
  readonly batches: readonly number[]
  readonly losses: readonly number[]
  readonly tensors: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly gradientNorm: number
    /** Of θ₅ − θ₀. */
    readonly norm: number
    /** θ₅ − θ₀, of which there is every `every`-th element: base64 of little-endian float32. */
    readonly every: number
    readonly delta: string
  }[]
}

const runs: Run[] = JSON.parse(readFileSync(new URL('../golden/parity.json', import.meta.url), 'utf8'))

/** The notebook's model with the weights that golden/parity.py starts from. */
function startingModel(run: Run, withDropout: boolean, optimizer: Optimizer): Sequential {
  const model = new Sequential(
    [
      new Conv2D({ filters: run.filters, kernelSize: 3, activation: 'relu' }),
      new MaxPool2D({ poolSize: 2 }),
      ...(withDropout ? [new Dropout({ rate: 0 })] : []),
      new Flatten(),
      new Dense({ units: run.units, activation: 'relu' }),
      new Dense({ units: 10, activation: 'sigmoid' }),
    ],
    { inputShape: [28, 28, 1] },
  )
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer })
  model.setWeights(startingWeights(run))
  return model
}

function startingWeights({ filters, units }: Run): Float32Array[] {
  const inputs = 13 * 13 * filters
  const glorot = (fanIn: number, fanOut: number) => Math.sqrt(6 / (fanIn + fanOut))
  return [
    centred(1, 9 * filters, glorot(9, 9 * filters)),
    centred(2, filters, 0.05),
    centred(3, inputs * units, glorot(inputs, units)),
    centred(4, units, 0.05),
    centred(5, units * 10, glorot(units, 10)),
    centred(6, 10, 0.05),
  ]
}

async function dataOf(run: Run): Promise<{ images: Float32Array; labels: ArrayLike<number> }> {
  const rows = run.batches.reduce((sum, batch) => sum + batch, 0)
  if (run.data === 'generated') return generatedImages(rows)
  const images = await readIdx(join(realData, 'train-images-idx3-ubyte.gz'))
  const labels = await readIdx(join(realData, 'train-labels-idx1-ubyte.gz'))
  return {
    images: Float32Array.from(images.data.subarray(0, rows * 784), pixel => pixel / 255),
    labels: labels.data,
  }
}

/** Trains on the run's first batches: the loss of each, and how far every weight has moved. */
async function train(run: Run, model: Sequential, steps: number) {
  const { images, labels } = await dataOf(run)
  const losses: number[] = []
  let begin = 0
  for (const rows of run.batches.slice(0, steps)) {
    const x = images.subarray(begin * 784, (begin + rows) * 784)
    const y = Uint8Array.from({ length: rows }, (_, i) => labels[begin + i])
    losses.push(model.trainOnBatch(x, y).loss!)
    begin += rows
  }
  const start = startingWeights(run)
  const deltas = model.getWeights().map(({ data }, i) => data.map((value, j) => value - start[i][j]))
  return { losses, deltas }
}

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))

function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}

/** Experiment 3 without its dropout is experiment 2: generated images are enough to show it. */
const cases = runs.flatMap(run => {
  const withoutDropout = { run, experiment: run.filters === 32 ? 1 : 2 }
  return run.filters === 64 && run.data === 'generated'
    ? [withoutDropout, { run, experiment: 3 }]
    : [withoutDropout]
})

describe.each(cases)('experiment $experiment on $run.data images', ({ run, experiment }) => {
  const name = 'five steps of Adam change the weights as PyTorch does'
  const fiveSteps = async () => {
    const { losses, deltas } = await train(run, startingModel(run, experiment === 3, new Adam()), 5)
    expectClose(losses, run.losses, { rtol: 1e-5, atol: 0 }, 'losses')
    for (const [i, { name, every, delta, norm: expected }] of run.tensors.entries()) {
      const sample = deltas[i].filter((_, j) => j % every === 0)
      expect(relativeError(sample, decode(delta)), name).toBeLessThan(1e-4)
      expect(Math.abs(norm(deltas[i]) / expected - 1), name).toBeLessThan(1e-4)
    }
  }
  if (run.data === 'fashion-mnist') {
    testWithRealData(name, 'train-images-idx3-ubyte.gz', fiveSteps)
    return
  }

  test(name, fiveSteps)

  test("the first gradient is as large as PyTorch's", async () => {
    const sgd = new SGD({ learningRate: 1 })
    const { deltas } = await train(run, startingModel(run, experiment === 3, sgd), 1)
    const expected = run.tensors.map(({ gradientNorm }) => gradientNorm)
    expectClose(deltas.map(norm), expected, { rtol: 1e-4, atol: 0 }, 'norms')
  })
})
