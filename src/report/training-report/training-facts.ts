import type { History } from '../../model/callbacks/history.ts'
import type { Sequential } from '../../model/sequential.ts'
import { counted } from '../../text/counted.ts'
import { duration } from '../../text/duration.ts'
import type { Facts } from '../html/facts.ts'

/** What is to be known of a training before one looks at its numbers. */
export function trainingFacts(run: History, model?: Sequential): Facts {
  const { epoch, seconds, valSeconds } = run
  const validated = sum(valSeconds)
  return {
    ...(model && modelFacts(model, run)),
    Training: `${counted(epoch.length, 'epoch')} in ${duration(sum(seconds))}${validated > 0 ? `, and ${duration(validated)} of validation` : ''}`,
  }
}

function modelFacts(model: Sequential, run: History): Facts {
  const { name, compiled } = model
  return {
    Model: `${name}, ${counted(model.countParams(), 'weight')}`,
    ...(compiled && {
      Loss: withOptions(compiled.loss),
      Optimiser: withOptions(compiled.optimizer) + changeOfRate(run),
    }),
  }
}

/** What a schedule did: the optimiser itself knows no other learning rate than its last one. */
function changeOfRate({ history: { learningRate = [] } }: History): string {
  const [first, last] = [learningRate[0], learningRate.at(-1)]
  return first === last ? '' : `; learningRate was ${first} in the first epoch and ${last} in the last`
}

function withOptions({ name, config }: { name: string; config: object }): string {
  return [
    name,
    ...Object.entries(config).map(([option, value]) => `${option} ${JSON.stringify(value)}`),
  ].join(', ')
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
