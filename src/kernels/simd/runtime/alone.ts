import type { Crew, Share } from './machine.ts'

/** A task's export: runs one chunk. */
export type TaskFunction = (args: number, chunk: number, thread: number) => void

/** The tasks as functions of the calling thread, by number. */
export function taskFunctions({ module, memory, tasks }: Omit<Share, 'args'>): TaskFunction[] {
  const [memoryImport] = WebAssembly.Module.imports(module)
  const imports = { [memoryImport.module]: { [memoryImport.name]: memory } }
  const { exports } = new WebAssembly.Instance(module, imports)
  return tasks.map(name => exports[name] as TaskFunction)
}

/** The calling thread, alone. */
export function alone(share: Share): Crew {
  const functions = taskFunctions(share)
  const { args } = share
  return {
    threads: 1,
    ready: 1,
    run(task, chunks) {
      const f = functions[task]
      for (let chunk = 0; chunk < chunks; chunk++) f(args, chunk, 0)
    },
  }
}
