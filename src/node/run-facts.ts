import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { backend } from '../backend/backend.ts'
import { formatBackend } from '../backend/info.ts'
import type { Facts } from '../report/html/facts.ts'
import { counted } from '../text/counted.ts'

/**
 * What the numbers of a run depend on besides the program and its data: versions, kernels and machine, and when it was.
 * Where no model has been built yet, this chooses what models compute with, as the first model would.
 *
 * @example
 * htmlPage({ title: 'My run', facts: { Seed: '0', ...runFacts() }, sections })
 */
export function runFacts(): Facts {
  const { node, v8 } = process.versions
  // Some systems do not tell, or have no list of processors at all.
  const processor = cpus()[0]?.model.trim() || arch()
  return {
    Date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    'convnet-ts': ownVersion(),
    Engine: `Node ${node}, V8 ${v8.split('.', 2).join('.')}`,
    Kernels: formatBackend(backend.info),
    Machine: `${processor}, ${counted(availableParallelism(), 'core')}, ${(totalmem() / 1e9).toFixed(1)} GB`,
    System: `${type()} ${release()}, ${arch()}`,
  }
}

/** By its name, since a program may be bundled, and so be far from the library's own folder. */
function ownVersion(): string {
  try {
    const { version } = createRequire(import.meta.url)('convnet-ts/package.json')
    return String(version)
  } catch {
    return 'bundled, of an unknown version'
  }
}
