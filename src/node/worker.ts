import { Worker } from 'node:worker_threads'
import type { Spawn } from '../kernels/simd/runtime/crew.ts'

/**
 * Starts a worker of a crew as a thread of Node's. It does not keep the process alive, and gets none of the process's
 * own arguments and environment: loaders named there would make it start late.
 *
 * @throws Error from Node where it cannot start a thread
 * @example
 * new Machine(writeModule(tasks), crewOf(4, spawnWorker))
 */
export const spawnWorker: Spawn = (program, data, onExit) => {
  // The data comes as a message, since a worker has to be in its event loop for `isAlive`.
  const source = `const { parentPort } = require('node:worker_threads')
    parentPort.once('message', data => {
      parentPort.postMessage('started')
      ;(${program})(data)
    })`
  const name = `convnet-ts ${data.thread}`
  const worker = new Worker(source, { eval: true, name, execArgv: [], env: {} })
  let error: unknown
  worker.on('error', reason => {
    error = reason
  })
  worker.on('exit', code => onExit(code, error))
  // One has to ask while the worker runs, or nothing is known after its end.
  const idleTime = () => worker.performance.eventLoopUtilization().idle
  worker.once('message', idleTime)
  worker.postMessage(data)
  worker.unref()
  return {
    // The one thing of a worker that Node reads from the thread itself: −1 when the thread has been stopped, 0 when
    // nothing is known yet.
    isAlive: () => idleTime() !== -1,
    terminate: () => void worker.terminate(),
  }
}
