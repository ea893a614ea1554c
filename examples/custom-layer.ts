/*
 * A layer of your own, written exactly as the built-in ones are: PReLU, a ReLU whose slope below zero is learned for
 * each channel. It is gradient-checked, and then trained in a model.
 *
 *   npx tsx examples/custom-layer.ts
 */
import { pathToFileURL } from 'node:url'
import {
  Adam,
  Conv2D,
  Dense,
  Flatten,
  type Kernels,
  type Layer,
  type Memory,
  type Needs,
  type Real,
  random,
  Sequential,
  type Shape,
  type Step,
  sizeOf,
  tensor,
} from 'convnet-ts'
import { gradCheck } from 'convnet-ts/testing'

/**
 * - y = x where x > 0, else a[c]·x
 * - dx = dy where x > 0, else a[c]·dy; da[c] = Σ dy·x over rows and pixels where x ≤ 0
 *
 * Input and output: [..., channels]. Parameters: alpha [channels], starting at 0.25.
 * Source: He et al. (2015), https://keras.io/api/layers/activation_layers/prelu/
 */
export class PReLU implements Layer {
  readonly type = 'PReLU'
  readonly config = {}

  outputShape(input: Shape): Shape {
    return input
  }

  needs(input: Shape): Needs {
    return {
      parameters: { alpha: { shape: [input.at(-1)!], initializer: values => values.fill(0.25) } },
      backwardReads: 'input',
    }
  }

  bind<A extends Real>(_kernels: Kernels<A>, { inputShape, parameters }: Memory<A>): Step<A> {
    const size = sizeOf(inputShape)
    const channels = inputShape.at(-1)!
    const { value: alpha, gradient: dAlpha } = parameters.alpha!
    return {
      forward(rows, x, y) {
        for (let i = 0; i < rows * size; i++) y[i] = x[i] > 0 ? x[i] : alpha[i % channels] * x[i]
      },
      backward(rows, x, _y, dy, dx) {
        dAlpha.fill(0)
        for (let i = 0; i < rows * size; i++) {
          const c = i % channels
          const positive = x[i] > 0
          if (!positive) dAlpha[c] = dAlpha[c] + dy[i] * x[i]
          if (dx) dx[i] = positive ? dy[i] : alpha[c] * dy[i]
        }
      },
    }
  }
}

/** Tells whether a stripe in a noisy 8×8 image lies or stands. */
export async function main(): Promise<void> {
  const { checked, worst } = gradCheck(new PReLU(), { inputShape: [4, 4, 3] })
  console.log(
    `gradCheck: ${checked} gradients agree; the worst is off by ${worst.excess.toFixed(4)} of what is tolerated`,
  )

  const next = random(7, 'stripes')
  const rows = 512
  const images = tensor(
    Float32Array.from({ length: rows * 64 }, () => 0.6 * next()),
    [rows, 8, 8, 1],
  )
  const labels = Uint8Array.from({ length: rows }, () => (next() < 0.5 ? 0 : 1))
  for (let n = 0; n < rows; n++) {
    const at = Math.floor(next() * 8)
    for (let i = 0; i < 8; i++) images.set(n, labels[n] ? i : at, labels[n] ? at : i, 0, 1)
  }

  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3 }),
      new PReLU(),
      new Flatten(),
      new Dense({ units: 2, activation: 'softmax' }),
    ],
    { inputShape: [8, 8, 1] },
  )
  model.summary()
  model.compile({
    optimizer: new Adam({ learningRate: 0.01 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  })
  const { history } = await model.fit(images, labels, { epochs: 20, validationSplit: 0.25, verbose: 0 })
  const [, , alpha] = model.getWeights()
  console.log(`validation accuracy after 20 epochs: ${history.valAccuracy!.at(-1)!.toFixed(3)}`)
  console.log(`slopes learned: ${Array.from(alpha!.data, slope => slope.toFixed(2)).join(' ')}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
