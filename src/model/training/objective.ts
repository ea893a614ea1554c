import type { Loss } from '../../losses/loss.ts'
import type { Metric } from '../../metrics/metric.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Real } from '../../tensor/tensor.ts'
import type { Logs } from '../logs.ts'
import type { Network } from '../plan/network.ts'

/**
 * The loss and the metrics over the rows seen since `reset`: sums in float64 and row order, so that the means are exact
 * for batches of any size.
 */
export class Objective<A extends Real> {
  /** What `report` gives, in its order: the loss and the metrics. */
  readonly names: readonly string[]
  readonly #network: Network<A>
  readonly #loss: Loss
  readonly #metrics: readonly Metric[]
  /** Elements of a row of output. */
  readonly #size: number
  readonly #sums: Float64Array
  #rows = 0

  constructor(network: Network<A>, loss: Loss, metrics: readonly Metric[]) {
    this.#network = network
    this.#loss = loss
    this.#metrics = metrics
    this.names = ['loss', ...metrics.map(({ name }) => name)]
    this.#size = sizeOf(network.outputShape)
    this.#sums = new Float64Array(1 + metrics.length)
  }

  /** An array for the targets of a batch. */
  allocateTarget(rows: number): A | Int32Array {
    if (this.#loss.target === 'class') return new Int32Array(rows)
    return this.#network.kernels.allocate(rows * this.#size)
  }

  reset(): void {
    this.#sums.fill(0)
    this.#rows = 0
  }

  /** A copy of the sums, in the order of `names`. */
  get sums(): Float64Array {
    return this.#sums.slice()
  }

  /** Goes on from sums over so many rows. */
  restore(sums: Float64Array, rows: number): void {
    this.#sums.set(sums)
    this.#rows = rows
  }

  /**
   * Adds a batch.
   *
   * @param dOutput where given, overwritten with the gradient of the batch's mean loss
   * @returns whether the batch's loss is finite; where it is not, and the gradient was asked for, it is not added
   */
  add(rows: number, output: A, target: A | Int32Array, dOutput: A | null): boolean {
    const { arithmetic } = this.#network.kernels
    const sums = this.#sums
    let loss = 0
    for (let row = 0; row < rows; row++) {
      loss += this.#loss.row(arithmetic, this.#size, row, output, target, dOutput, 1 / rows)
    }
    // Training does not count the batch that it fails at: it has not been learnt from.
    if (dOutput && !Number.isFinite(loss)) return false
    sums[0] = sums[0] + loss
    for (let m = 0; m < this.#metrics.length; m++) {
      for (let row = 0; row < rows; row++) {
        sums[m + 1] = sums[m + 1] + this.#metrics[m].row(this.#size, row, output, target, this.#loss.target)
      }
    }
    this.#rows += rows
    return Number.isFinite(loss)
  }

  /** Writes the means into `logs`. */
  report(logs: Logs): Logs {
    for (let i = 0; i < this.names.length; i++) logs[this.names[i]] = this.#sums[i] / this.#rows
    return logs
  }
}
