import { NonFiniteError } from '../../errors.ts'
import { checkedKernels } from '../../kernels/checked.ts'
import type { Optimizer, OptimizerMemory, OptimizerState } from '../../optim/optimizer.ts'
import { isBuiltInOptimizer } from '../../optim/optimizers.ts'
import type { Real } from '../../tensor/tensor.ts'
import type { Network } from '../plan/network.ts'
import type { Plan } from '../plan/plan.ts'
import { gather, type Labelled } from '../rows.ts'
import { cutUp, putTogether } from '../weights.ts'
import { type Culprit, findNonFinite, findNonFiniteWeight } from './non-finite.ts'
import type { Objective } from './objective.ts'

/** Which rows make a batch: `rows` of them, `order[from]`, `order[from + 1]`, …, or from, from + 1, … without an order. */
export interface Batch {
  order: Uint32Array | null
  from: number
  rows: number
}

/** Takes the steps of training: a batch forward, its loss, backward, and the optimiser's update. */
export class Trainer<A extends Real> {
  readonly objective: Objective<A>
  readonly #bind: () => OptimizerState<A>
  #optimizer: OptimizerState<A>
  readonly #network: Network<A>
  readonly #pass = { training: true, seed: 0, step: 0 }
  #plan: Plan<A> | null = null
  #target: A | Int32Array

  /** @param maxRows rows of the largest batch; 0 where there is none yet, which takes no memory for any */
  constructor(network: Network<A>, optimizer: Optimizer, objective: Objective<A>, maxRows: number) {
    this.objective = objective
    const kernels = isBuiltInOptimizer(optimizer)
      ? network.kernels
      : checkedKernels(network.kernels, `optimizer ${optimizer.name}`)
    this.#bind = () => optimizer.bind(kernels, network.values.length)
    this.#optimizer = this.#bind()
    this.#network = network
    this.#target = objective.allocateTarget(0)
    this.reserve(maxRows)
  }

  /** Steps taken so far, in all calls together. They seed shuffles and masks, so that none is drawn twice. */
  get steps(): number {
    return this.#pass.step
  }

  /** What the optimiser keeps. */
  get optimizer(): OptimizerState<A> {
    return this.#optimizer
  }

  /** Makes ready for batches of up to `rows` rows. */
  reserve(rows: number): void {
    const before = this.#plan
    if ((before?.maxRows ?? 0) >= rows) return
    this.#plan = this.#network.trainingPlan(rows)
    before?.release()
    this.#target = this.objective.allocateTarget(rows)
  }

  /** Gives its memory back, that of the optimiser's slots as well. */
  release(): void {
    this.#plan?.release()
    this.#releaseSlots()
  }

  /** Copies of what the optimiser keeps of the steps so far. */
  memory(): OptimizerMemory<A> {
    const { slots, scalars } = this.#optimizer
    return {
      steps: this.steps,
      slots: Object.fromEntries(
        Object.entries(slots).map(([name, slot]) => [name, cutUp(this.#network.placed, slot)]),
      ),
      scalars: { ...scalars },
    }
  }

  /** Goes on from what the same optimiser kept of the same weights. */
  remember({ steps, slots, scalars }: OptimizerMemory<A>): void {
    this.#pass.step = steps
    if (steps === 0) {
      this.#releaseSlots()
      this.#optimizer = this.#bind()
      return
    }
    for (const [name, slot] of Object.entries(this.#optimizer.slots)) {
      putTogether(this.#network.placed, slots[name], slot)
    }
    Object.assign(this.#optimizer.scalars, scalars)
  }

  /**
   * Takes one step and adds its batch to the objective.
   * @returns false where the loss is not finite; then no weight has changed
   */
  step(data: Labelled, { order, from, rows }: Batch, seed: number): boolean {
    const plan = this.#plan!
    this.#pass.seed = seed
    plan.load(data.x, order, from, rows)
    gather(data.y, order, from, rows, this.#target)
    plan.forward(rows, this.#pass)
    if (!this.objective.add(rows, plan.output, this.#target, plan.dOutput)) return false
    plan.backward(rows, this.#pass)
    this.#optimizer.step(this.#network.values, this.#network.gradients)
    this.#pass.step++
    return true
  }

  /** Runs a batch whose loss was not finite again, to say where that began. Epoch and step count from 1. */
  diagnose({ x }: Labelled, { order, from, rows }: Batch, epoch: number, step: number): NonFiniteError {
    const plan = this.#network.unfusedPlan(rows)
    gather(x, order, from, rows, plan.input)
    const culprit = findNonFinite(this.#network, plan, rows, this.#pass)
    plan.release()
    return nonFiniteError(culprit, epoch, step)
  }

  /** What is wrong with the weights after a step; null where all are finite. Epoch and step count from 1. */
  diagnoseWeights(epoch: number, step: number): NonFiniteError | null {
    const culprit = findNonFiniteWeight(this.#network)
    return culprit && nonFiniteError(culprit, epoch, step)
  }

  #releaseSlots(): void {
    for (const slot of Object.values(this.#optimizer.slots)) this.#network.kernels.release(slot)
  }
}

function nonFiniteError({ layer, what, isWeight }: Culprit, epoch: number, step: number): NonFiniteError {
  const weights = isWeight
    ? 'The update of an earlier step has ruined it; a lower learning rate often helps'
    : 'The weights are those from before this step; a lower learning rate, or inputs scaled to 0 … 1, often help'
  return new NonFiniteError(
    layer,
    epoch,
    step,
    `training fails at step ${step} of epoch ${epoch}: NaN or infinity appears first in ${what}. ${weights}`,
  )
}
