/*
 * A measuring program: one engine, one choice of what computes. Session bundles it and runs it with a job as its argument; its
 * result goes to standard output as JSON.
 */
import { backend, setBackend, setTerminal, terminal } from 'convnet-ts'
import { measurements } from './measurements.ts'
import type { Job } from './session.ts'

const job: Job = JSON.parse(process.argv[2])
const { measurement, numerics, turbo, threads } = job

/** What the library says: that something else computes than was asked for. */
const said: string[] = []
setTerminal({ ...terminal(), isTTY: false, write: text => void said.push(text) })

setBackend({ numerics, turbo, threads })
// Read now, so that all kernels are compiled under the same flags.
const { info } = backend
if (said.length > 0) throw new Error(`not what was to be measured: ${said.join('')}`)
// Workers start in the background.
await new Promise(resolve => setTimeout(resolve, 300))

const result = await measurements[measurement](job, info)
process.stdout.write(JSON.stringify(result), () => process.exit())
