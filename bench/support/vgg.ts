import {
  Adam,
  Conv2D,
  Dense,
  Flatten,
  MaxPool2D,
  Rescaling,
  Sequential,
  sparseCategoricalCrossentropy,
} from 'convnet-ts'
import { drawnImages } from './drawn-images.ts'
import { verifyStep } from './notebook-model.ts'
import type { Job } from './session.ts'
import { type Timing, timeCalls } from './timing.ts'

const BATCH = 128
/** As bench/peers/measure.py has it. */
const PARAMETERS = 342_090

/** A VGG-like stack on images of 32×32×3: two convolutions of 64, pool, two of 128, pool, dense. */
function vggModel(): Sequential {
  const conv = (filters: number) =>
    new Conv2D({ filters, kernelSize: 3, padding: 'same', activation: 'relu' })
  const layers = [
    new Rescaling({ scale: 1 / 255 }),
    ...[conv(64), conv(64), new MaxPool2D()],
    ...[conv(128), conv(128), new MaxPool2D()],
    new Flatten(),
    new Dense({ units: 10 }),
  ]
  const model = new Sequential(layers, { inputShape: [32, 32, 3], name: 'vgg' })
  model.compile({ loss: sparseCategoricalCrossentropy({ fromLogits: true }), optimizer: new Adam() })
  return model
}

/** Seconds of a training step. */
export function measureVgg(job: Job): Timing {
  const model = vggModel()
  if (model.countParams() !== PARAMETERS) throw new Error(`vgg has ${model.countParams()} parameters`)
  verifyStep(model, drawnImages(1, 32, 3), job)
  const { images, labels } = drawnImages(job.quick ? 4 : BATCH, 32, 3)
  const losses: number[] = []
  const step = () => losses.push(model.trainOnBatch(images, labels).loss)
  const timing = timeCalls(step, job.quick ? { seconds: 0, least: 1 } : { seconds: 5, least: 5 })
  checkLearning(losses)
  return timing
}

/** @throws Error unless losses are finite and fall */
export function checkLearning(losses: readonly number[]): void {
  const [first, last] = [losses[0], losses[losses.length - 1]]
  if (!losses.every(Number.isFinite) || last >= first) throw new Error(`does not learn: losses ${losses}`)
}
