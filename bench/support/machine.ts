import { cpus, loadavg, release, totalmem, type } from 'node:os'
import type { Engine } from './engines.ts'

/** Where and when a run took place. */
export interface Machine {
  readonly date: Date
  readonly processor: string
  readonly cores: number
  readonly system: string
  readonly gigabytes: number
  readonly engines: readonly string[]
  /** Of the last minute, before the run: how many others wanted the cores. */
  readonly load: number
}

export function thisMachine(engines: readonly Engine[]): Machine {
  const processors = cpus()
  return {
    date: new Date(),
    processor: processors[0]?.model.trim() ?? process.arch,
    cores: processors.length,
    system: `${type()} ${release()}`,
    gigabytes: totalmem() / 1e9,
    engines: engines.map(({ version, v8 }) => `Node ${version} (V8 ${v8})`),
    load: loadavg()[0],
  }
}

/** In one line. */
export function describeMachine({
  date,
  processor,
  cores,
  system,
  gigabytes,
  engines,
  load,
}: Machine): string {
  const memory = `${gigabytes.toFixed(0)} GB`
  const what = [
    processor,
    `${cores} cores`,
    memory,
    system,
    ...engines,
    `load ${load.toFixed(2)} before`,
    date.toISOString().slice(0, 10),
  ]
  return what.join(', ')
}
