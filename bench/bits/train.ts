import { type BackendInfo, backend, flat, garments, setBackend, setTerminal, terminal } from 'convnet-ts'
import { buildModel, experiments } from '../../examples/fashion-mnist/experiments.ts'

/** What an engine is asked to compute with, in strict numerics. */
export interface Choice {
  readonly kernels: 'simd' | 'reference'
  readonly threads: number
  readonly turbo: boolean
}

/** What an engine came to. */
export interface Bits {
  /** SHA-256 of the weights of each experiment, in hex. */
  readonly experiments: readonly string[]
  /** SHA-256 of all of them together. */
  readonly all: string
  readonly info: BackendInfo
  /** What the library said: that something else ran than was asked for. */
  readonly said: string
}

const BATCH = 48

/** Milliseconds in which workers start, in an emulator too. They do it in the background, and who is late takes no part. */
const START = 1000

/** Trains each experiment for so many steps of Adam on drawn images, shuffled, and hashes the weights. */
export async function trainedBits(choice: Choice, steps = 20): Promise<Bits> {
  const said: string[] = []
  setTerminal({ ...terminal(), isTTY: false, write: text => void said.push(text) })
  setBackend({ ...choice, numerics: 'strict' })
  const { info } = backend
  if (info.threads > 1) await new Promise(resolve => setTimeout(resolve, START))

  // The last batch has 17 rows, to leave nothing to even numbers.
  const { train } = garments({ train: BATCH * steps - 31, test: 1 })
  const trained: Blob[] = []
  for (const experiment of experiments) {
    const model = buildModel(experiment, 1)
    await model.fit(train.images, train.labels, { batchSize: BATCH, verbose: 0 })
    trained.push(new Blob(model.getWeights().map(weights => Float32Array.from(flat(weights)))))
  }
  return {
    experiments: await Promise.all(trained.map(sha256)),
    all: await sha256(new Blob(trained)),
    info,
    said: said.join('').trim(),
  }
}

async function sha256(bytes: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer()))
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
}
