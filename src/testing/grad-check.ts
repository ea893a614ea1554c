import { referenceFloat64 } from '../kernels/reference/reference.ts'
import type { Layer, Pass } from '../layers/layer.ts'
import type { Loss } from '../losses/loss.ts'
import { checkShape } from '../model/options.ts'
import type { NamedLayer } from '../model/plan/chain.ts'
import { Network } from '../model/plan/network.ts'
import { Sequential } from '../model/sequential.ts'
import { checkOptions, positive, wholeNumber } from '../options.ts'
import { random } from '../tensor/random.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import {
  checkDifferences,
  type DifferenceOptions,
  type GradCheckReport,
  type Variable,
} from './finite-differences.ts'

/** Options of {@link gradCheck}. */
export interface GradCheckOptions extends DifferenceOptions {
  /** The shape of one row of input; for a loss, of the output it judges. A model that is built knows its own. */
  readonly inputShape?: Shape
  /** Default 3. */
  readonly rows?: number
  /** Draws the elements of x. Default: uniform in −1 … 1, and for a loss in 0.05 … 0.95. */
  readonly draw?: (next: () => number) => number
}

/**
 * Checks a backward pass against finite differences, in float64, over the same compiled plan that trains.
 *
 * - For a layer: the gradients of Σ r·y with respect to its input and parameters, r being random.
 * - For a model: the gradients of its compiled loss on random targets, or without one of Σ r·y.
 * - For a loss: the gradient of its mean with respect to the output that it judges.
 *
 * What the plan computes in fused steps is checked twice, without fusing and with it. Entries at a kink are left out, see
 * {@link checkDifferences}. Dropout is on, with one mask throughout.
 *
 * @returns what was checked, of both plans where there are two, and the entry that agrees least
 * @throws GradientError naming the worst entry, where the gradients disagree
 * @throws OptionError or ShapeError where the subject cannot be run
 * @example
 * test('my layer', () => {
 *   gradCheck(new MyLayer(), { inputShape: [6, 6, 2] })
 * })
 */
export function gradCheck(
  subject: Layer | Loss | Sequential,
  options: GradCheckOptions = {},
): GradCheckReport {
  const isModel = subject instanceof Sequential
  const checked = check(options, isModel ? subject.inputShape : null)
  if (isModel) {
    const weights = subject.inputShape ? subject.getWeights().map(({ data }) => data) : []
    return checkLayers(subject.layers, checked, weights, subject.compiled?.loss)
  }
  if ('bind' in subject) return checkLayers([{ name: subject.name ?? subject.type, layer: subject }], checked)
  return checkLoss(subject, checked)
}

/** Options that are complete and good. */
interface Checked extends Required<DifferenceOptions> {
  readonly inputShape: Shape
  readonly rows: number
  readonly draw: ((next: () => number) => number) | undefined
}

function check(options: GradCheckOptions, inputShape: Shape | null): Checked {
  const known = ['inputShape', 'rows', 'draw', 'step', 'rtol', 'atol', 'entries', 'seed']
  checkOptions('gradCheck', options, known)
  const { rows = 3, step = 6e-6, rtol = 1e-6, atol = 1e-8, entries = 256, seed = 0 } = options
  return {
    inputShape: inputShape ?? checkShape('gradCheck', options.inputShape as Shape),
    rows: wholeNumber('gradCheck', 'rows', rows, { min: 1 }),
    draw: options.draw,
    step: positive('gradCheck', 'step', step),
    rtol: positive('gradCheck', 'rtol', rtol),
    atol: positive('gradCheck', 'atol', atol),
    entries: wholeNumber('gradCheck', 'entries', entries, { min: 1 }),
    seed: wholeNumber('gradCheck', 'seed', seed, { min: 0 }),
  }
}

function checkLayers(
  layers: readonly NamedLayer[],
  options: Checked,
  weights: readonly Float32Array[] = [],
  loss?: Loss,
): GradCheckReport {
  const network = (fuse: boolean) =>
    new Network(referenceFloat64, layers, options.inputShape, options.seed, { fuse })
  const apart = network(false)
  const fused = network(true)
  const report = checkNetwork(apart, options, weights, loss)
  if (fused.steps.length === apart.steps.length) return report
  const again = checkNetwork(fused, options, weights, loss)
  return {
    checked: report.checked + again.checked,
    kinks: report.kinks + again.kinks,
    worst: report.worst.excess > again.worst.excess ? report.worst : again.worst,
  }
}

function checkNetwork(
  network: Network<Float64Array>,
  options: Checked,
  weights: readonly Float32Array[],
  loss?: Loss,
): GradCheckReport {
  const { rows, seed, draw = minusOneToOne } = options
  const next = random(seed, 'gradCheck')
  for (const [i, { offset, size }] of network.placed.entries()) {
    // Parameters that start at zero would hide errors.
    for (let j = 0; j < size; j++)
      network.values[offset + j] = weights[i]?.[j] ?? network.values[offset + j] + 0.1 * minusOneToOne(next)
  }
  const plan = network.trainingPlan(rows, true)
  const pass: Pass = { training: true, seed, step: 1 }
  const judge = loss
    ? lossOf(loss, rows, network.outputShape, next)
    : weighted(rows, network.outputShape, next)

  const x = Float64Array.from({ length: rows * sizeOf(network.inputShape) }, () => draw(next))
  // The plan's own input may be overwritten by a layer that works in place.
  const forward = () => {
    plan.input.set(x)
    plan.forward(rows, pass)
    return judge(plan.output, null)
  }
  // Twice, since a gradient that is added to what it finds is right the first time.
  for (let i = 0; i < 2; i++) {
    forward()
    judge(plan.output, plan.dOutput)
    plan.backward(rows, pass)
  }
  const variables: Variable[] = [
    { path: 'x', shape: [rows, ...network.inputShape], values: x, gradient: plan.dInput!.slice() },
    ...network.placed.map(({ path, shape, offset, size }) => ({
      path,
      shape,
      values: network.values.subarray(offset, offset + size),
      gradient: network.gradients.slice(offset, offset + size),
    })),
  ]
  return checkDifferences(variables, forward, options)
}

function checkLoss(loss: Loss, options: Checked): GradCheckReport {
  const { inputShape: shape, rows, seed, draw = next => 0.05 + 0.9 * next() } = options
  const next = random(seed, 'gradCheck')
  const values = Float64Array.from({ length: rows * sizeOf(shape) }, () => draw(next))
  // Not zeros, to which a gradient could be added unnoticed.
  const gradient = new Float64Array(values.length).fill(1)
  const judge = lossOf(loss, rows, shape, next)
  judge(values, gradient)
  return checkDifferences(
    [{ path: 'output', shape: [rows, ...shape], values, gradient }],
    () => judge(values, null),
    options,
  )
}

/** A scalar of a plan's output, that writes the output's gradient where it is wanted. */
type Judge = (output: Float64Array, dOutput: Float64Array | null) => number

/** Σ r·y, with random r: all-ones would hide errors that cancel. */
function weighted(rows: number, shape: Shape, next: () => number): Judge {
  const r = Float64Array.from({ length: rows * sizeOf(shape) }, () => minusOneToOne(next))
  return (output, dOutput) => {
    dOutput?.set(r)
    return r.reduce((sum, weight, i) => sum + weight * output[i], 0)
  }
}

/** The mean of a loss, on random targets: classes, or values of which each row's sum is 1. */
function lossOf(loss: Loss, rows: number, shape: Shape, next: () => number): Judge {
  const size = sizeOf(shape)
  const values = Float64Array.from({ length: rows * size }, next)
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * size, (row + 1) * size)
    const sum = own.reduce((a, b) => a + b)
    if (size > 1) for (let i = 0; i < size; i++) own[i] = own[i] / sum
  }
  const target =
    loss.target === 'values' ? values : Int32Array.from({ length: rows }, () => Math.floor(next() * size))
  return (output, dOutput) => {
    let sum = 0
    for (let row = 0; row < rows; row++) {
      sum += loss.row(referenceFloat64.arithmetic, size, row, output, target, dOutput, 1 / rows)
    }
    return sum / rows
  }
}

const minusOneToOne = (next: () => number): number => 2 * next() - 1
