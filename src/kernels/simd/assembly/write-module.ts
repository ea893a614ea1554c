import { importMemory, Module } from 'wasmati'
import { MAX_ARGS } from '../runtime/machine.ts'
import { MAX_PAGES, MIN_PAGES } from '../runtime/regions.ts'
import type { Task } from './assembly.ts'

/**
 * The bytes of a module that exports tasks, in their order, and imports the memory that a `Machine` gives it.
 *
 * @throws RangeError for a task of more parameters than a call passes on
 */
export function writeModule(tasks: { readonly [name: string]: Task }): Uint8Array {
  for (const [name, { parameters }] of Object.entries(tasks)) {
    if (parameters.length > MAX_ARGS)
      throw new RangeError(`task ${name} has ${parameters.length} parameters, more than ${MAX_ARGS}`)
  }
  const exports = Object.fromEntries(Object.entries(tasks).map(([name, { routine }]) => [name, routine.func]))
  // Without a memory wasmati would reserve one of 4 GiB, for an instance that nobody asks it for.
  const none = new WebAssembly.Memory({ initial: 0 })
  const memory = importMemory({ min: MIN_PAGES, max: MAX_PAGES, shared: true }, none)
  return Module({ exports, memory }).toBytes()
}
