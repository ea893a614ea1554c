import type { Config } from '../../config.ts'
import { describeNonFinite } from '../../errors.ts'
import type { Arrays, Optimizer, OptimizerState } from '../../optim/optimizer.ts'
import type { PlacedParameter } from '../plan/parameters.ts'
import { nonFinite } from '../training/non-finite.ts'
import { nameDifferences, partDifferences } from './differences.ts'
import type { OptimizerSnapshot, TrainingState } from './training-state.ts'

/** What keeps the arrays of a state from being a model's weights, and those of an optimiser for them. */
export function arrayDifferences(
  { weights, optimizer }: TrainingState,
  placed: readonly PlacedParameter[],
): string[] {
  return arraysOf({ weights, optimizer }).flatMap(([name, arrays]) => [
    ...nameDifferences(
      name,
      Object.keys(arrays),
      placed.map(({ path }) => path),
    ),
    ...placed.flatMap(({ path, size }) => {
      const length = arrays[path]?.length ?? size
      return length === size ? [] : `${name}: ${path} had ${length} numbers, and has ${size} now`
    }),
  ])
}

/** Numbers of the weights and of the optimiser that are NaN or infinite. */
export function nonFiniteNumbers({ weights, optimizer }: TrainingState): string[] {
  const scalars = Object.entries(optimizer?.scalars ?? {})
  const found = arraysOf({ weights, optimizer }).flatMap(([name, arrays]) =>
    Object.entries(arrays).flatMap(([path, array]) => {
      const ruined = nonFinite(`${name}: ${path}`, array)
      return ruined ? describeNonFinite(ruined) : []
    }),
  )
  for (const [name, value] of scalars)
    if (!Number.isFinite(value)) found.push(`optimizer: ${name} is ${value}`)
  return found.map(
    problem => `${problem}, expected finite numbers: allowNonFinite: true takes them as they are`,
  )
}

function arraysOf({
  weights,
  optimizer,
}: Pick<TrainingState, 'weights' | 'optimizer'>): [name: string, arrays: Arrays][] {
  const slots = Object.entries(optimizer?.slots ?? {})
  return [
    ['weights', weights],
    ...slots.map(([slot, arrays]): [string, Arrays] => [`optimizer: ${slot}`, arrays]),
  ]
}

/** What keeps an optimiser's memory, its arrays apart, from being that of the optimiser now. */
export function optimizerDifferences(
  { name, config, learningRate, steps, slots, scalars }: OptimizerSnapshot,
  optimizer: Optimizer,
  state: OptimizerState<Float32Array>,
): string[] {
  const found = partDifferences(
    'optimizer',
    { name, config: withoutRate(config) },
    { name: optimizer.name, config: withoutRate(optimizer.config) },
  )
  if (name !== optimizer.name) return found
  const names = (kept: object) => (steps === 0 ? [] : Object.keys(kept))
  found.push(...rateProblems(optimizer, learningRate))
  found.push(...nameDifferences('optimizer', Object.keys(slots), names(state.slots)))
  found.push(...nameDifferences('optimizer', Object.keys(scalars), names(state.scalars)))
  // What an optimiser says of its memory takes that to be whole.
  if (found.length === 0 && steps > 0) {
    const problems = state.problems?.({ steps, slots, scalars }) ?? []
    found.push(...problems.map(problem => `optimizer: ${problem}`))
  }
  return found
}

/** The optimiser itself knows which learning rates it takes. */
function rateProblems(optimizer: Optimizer, learningRate: number): string[] {
  const before = optimizer.learningRate
  try {
    optimizer.learningRate = learningRate
    return Number.isFinite(learningRate)
      ? []
      : [`optimizer: learningRate was ${learningRate}, expected a finite number`]
  } catch (error) {
    return [`optimizer: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    optimizer.learningRate = before
  }
}

/** A learning rate is taken from the state, whatever it is now. */
function withoutRate({ learningRate: _, ...others }: Config): Config {
  return others
}
