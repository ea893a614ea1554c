import type { History } from '../../model/callbacks/history.ts'
import type { Sequential } from '../../model/sequential.ts'
import type { Facts } from '../html/facts.ts'

/** What is to be known of a training before one looks at its numbers. */
export function trainingFacts({ epoch, seconds, valSeconds }: History, model?: Sequential): Facts {
  const epochs = epoch.length === 1 ? '1 epoch' : `${epoch.length} epochs`
  const validated = sum(valSeconds)
  return {
    ...(model && modelFacts(model)),
    Training: `${epochs} in ${time(sum(seconds))}${validated > 0 ? `, and ${time(validated)} of validation` : ''}`,
  }
}

function modelFacts(model: Sequential): Facts {
  const { name, compiled } = model
  return {
    Model: `${name}, ${model.countParams().toLocaleString('en-US')} weights`,
    ...(compiled && { Loss: withOptions(compiled.loss), Optimiser: withOptions(compiled.optimizer) }),
  }
}

function withOptions({ name, config }: { name: string; config: object }): string {
  return [
    name,
    ...Object.entries(config).map(([option, value]) => `${option} ${JSON.stringify(value)}`),
  ].join(', ')
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const time = (seconds: number): string => `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`
