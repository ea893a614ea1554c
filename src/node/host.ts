import { availableParallelism } from 'node:os'
import { setHost } from '../backend/host.ts'
import { engineFlags } from './engine-flags.ts'
import { environmentOptions } from './environment.ts'
import { spawnWorker } from './worker.ts'
import './turbo-modules.ts'

/** Models run on Node's threads, as the environment has it; importing this module is what chooses it. */
setHost({
  engine: `V8 ${process.versions.v8.split('.', 2).join('.')} in Node ${process.versions.node}`,
  cores: availableParallelism(),
  spawn: spawnWorker,
  flags: engineFlags(process.versions.v8, process.arch),
  defaults: () => environmentOptions(process.env),
})
