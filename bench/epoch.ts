/*
 * How long does an epoch of each of the notebook's experiments take?
 *
 *   npm run bench
 *
 * A step's gradients are first compared with the same step in float64, in a process of its own: one that has used both
 * precisions is slower, since engines compile what they have seen. Then steps of 512 images are timed, and the best of
 * them is scaled to the 94 of an epoch. The images are drawn ones: what is in them does not change the work.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { flat, garments, type Kernels, type Real, type Sequential } from 'convnet-ts'
import { buildModel, experiments, NOTEBOOK_EPOCHS } from '../examples/fashion-mnist/experiments.ts'
import { referenceFloat32, referenceFloat64 } from '../src/kernels/reference/reference.ts'
import { Network } from '../src/model/network.ts'
import { Objective } from '../src/model/objective.ts'
import { alignedTable } from '../src/text/aligned-table.ts'

const BATCH = 512
const STEPS_AN_EPOCH = 94
const TIMED_STEPS = 5
/** Rows of the step that is verified. */
const VERIFIED = 32
/** The largest relative L2 error of a float32 gradient that is taken for rounding. */
const TOLERANCE = 1e-5

const { images, labels } = garments({ train: BATCH, test: 1 }).train

/** The gradients of one step, without an update. */
function gradients<A extends Real>(model: Sequential, kernels: Kernels<A>): A {
  const network = new Network(kernels, model.layers, [28, 28, 1], model.seed)
  const plan = network.trainingPlan(VERIFIED)
  const objective = new Objective(network, model.compiled!.loss, [])
  const pass = { training: true, seed: 0, step: 0 }
  plan.input.set(flat(images.hi(VERIFIED)))
  plan.forward(VERIFIED, pass)
  objective.add(VERIFIED, plan.output, Int32Array.from(labels.subarray(0, VERIFIED)), plan.dOutput)
  plan.backward(VERIFIED, pass)
  return network.gradients
}

/** ‖float32 − float64‖₂ / ‖float64‖₂ of a step's gradients. */
function gradientError(model: Sequential): number {
  const exact = gradients(model, referenceFloat64)
  const rounded = gradients(model, referenceFloat32)
  const norm = (of: (i: number) => number) => Math.sqrt(exact.reduce((sum, _, i) => sum + of(i) ** 2, 0))
  return norm(i => rounded[i] - exact[i]) / norm(i => exact[i])
}

function bestStep(model: Sequential): number {
  let best = Number.POSITIVE_INFINITY
  for (let step = 0; step <= TIMED_STEPS; step++) {
    const began = performance.now()
    model.trainOnBatch(images, labels)
    // The first one compiles.
    if (step > 0) best = Math.min(best, performance.now() - began)
  }
  return best / 1000
}

if (process.argv[2] === 'verify') {
  const errors = experiments.map(experiment => gradientError(buildModel(experiment, 1)))
  if (!errors.every(error => error < TOLERANCE)) throw new Error(`gradients are off by ${errors}`)
  console.log(JSON.stringify(errors))
  process.exit()
}

const verify = [...process.execArgv, fileURLToPath(import.meta.url), 'verify']
const errors: number[] = JSON.parse(execFileSync(process.execPath, verify, { encoding: 'utf8' }))

const rows = experiments.map((experiment, i) => {
  const model = buildModel(experiment, 1)
  const seconds = bestStep(model) * STEPS_AN_EPOCH
  const notebook = experiment.notebook.seconds / NOTEBOOK_EPOCHS
  return [
    String(experiment.number),
    errors[i].toExponential(1),
    seconds.toFixed(1),
    String(notebook),
    `${(notebook / seconds).toFixed(2)}×`,
  ]
})

console.log(
  `${cpus()[0]?.model ?? process.arch}, Node ${process.version}, ${referenceFloat32.name}, one thread, batch ${BATCH}\n`,
)
console.log(
  alignedTable(
    ['experiment', 'gradient error', 's an epoch', 'notebook (its own machine)', 'speed-up'],
    rows,
    [1, 2, 3, 4],
  ),
)
