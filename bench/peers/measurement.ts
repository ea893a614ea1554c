import { DataError } from '../../src/errors.ts'

/** What a measurement's seconds are of. */
export const taskUnits = {
  /** Training on 48,000 images in batches of 512. */
  train: 'an epoch',
  /** Training the VGG-like stack on 128 images. */
  vgg: 'a step',
  latency: 'one image',
  throughput: '10,000 images',
} as const

export type Task = keyof typeof taskUnits

/** One line of a peer's program: how long a task took it. */
export interface Measurement {
  readonly peer: string
  /** The packages' names and versions. */
  readonly version: string
  readonly task: Task
  /** The notebook's experiment, 1 to 3; null for a model of no experiment. */
  readonly experiment: number | null
  /** Seconds of the task, its `taskUnits`: the least and the middle one of several. */
  readonly best: number
  readonly median: number
  /** How many steps or calls were timed. */
  readonly steps: number
  readonly threads: number
  /** What a reader has to know beside the figure; may be empty. */
  readonly note: string
}

/**
 * Reads what a peer's program printed: a measurement a line, as JSON.
 *
 * @param source The program, as errors name it.
 * @throws DataError naming the line, if it is something else.
 */
export function parseMeasurements(text: string, source: string): Measurement[] {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map((line, i) => {
    const value = parsed(line)
    if (isMeasurement(value)) return value
    throw new DataError({ file: source, row: i + 1 }, `found ${line}, expected a measurement as JSON`)
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function isMeasurement(value: unknown): value is Measurement {
  if (typeof value !== 'object' || value === null) return false
  const fields: Partial<Record<keyof Measurement, unknown>> = value
  const { task, experiment } = fields
  return (
    [fields.peer, fields.version, fields.note].every(field => typeof field === 'string') &&
    [fields.best, fields.median, fields.steps, fields.threads].every(isPositive) &&
    typeof task === 'string' &&
    Object.hasOwn(taskUnits, task) &&
    (experiment === null || isPositive(experiment))
  )
}

const isPositive = (field: unknown) => typeof field === 'number' && Number.isFinite(field) && field > 0
