/*
 * Other libraries on the same work: the notebook's experiments and a VGG-like stack. Each peer has a program beside this
 * file, which checks what it times and prints its measurements.
 */
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { npmPackage, type PythonPackage, pythonWith, tcmalloc } from './install.ts'
import { type Measurement, parseMeasurements, type Task } from './measurement.ts'
import { writeOnnxModels } from './onnx-models.ts'

interface Peer {
  readonly program: string
  readonly tasks: readonly Task[]
  /** Numbers of threads; the program is run with each. */
  readonly threads: readonly number[]
  /** How often each thing is timed if the caller does not say. */
  readonly repeats: number
  /** Makes the peer ready: the command that runs programs, and what its environment needs. */
  readonly prepare: (name: string) => Promise<Runner>
}

interface Runner {
  readonly command: string
  readonly env?: Readonly<Record<string, string>>
}

const npm = (name: string) => async (peer: string) => ({
  command: process.execPath,
  env: { NODE_PATH: await npmPackage(peer, name) },
})

const pip =
  (...packages: readonly PythonPackage[]) =>
  async (peer: string) => ({ command: await pythonWith(peer, packages) })

const numpy = { pip: 'numpy', module: 'numpy' }
const kerasOnTensorFlow = pip(
  { pip: 'keras', module: 'keras' },
  { pip: 'tensorflow-cpu', module: 'tensorflow' },
  numpy,
)
const torch = pip({ pip: 'torch', module: 'torch' }, numpy)

async function torchWithTcmalloc() {
  const library = tcmalloc()
  if (library === undefined) throw new Error("Debian's libtcmalloc-minimal4 is not installed")
  return { ...(await torch('pytorch')), env: { LD_PRELOAD: library } }
}

const native = { tasks: ['train', 'vgg'], threads: [2], repeats: 5 } as const
/** A step takes them seconds. */
const javascript = { threads: [1], repeats: 2 } as const

/** It runs the files that this library writes. */
async function onnxruntime(peer: string): Promise<Runner> {
  const { command, env } = await npm('onnxruntime-node')(peer)
  const folder = dirname(env.NODE_PATH)
  await writeOnnxModels(folder)
  return { command, env: { ...env, ONNX_MODELS: folder } }
}

const peers = {
  keras: { ...native, program: 'keras-tensorflow.py', prepare: kerasOnTensorFlow },
  pytorch: { ...native, program: 'pytorch.py', prepare: torch },
  'pytorch-tcmalloc': { ...native, program: 'pytorch.py', prepare: torchWithTcmalloc },
  'jax-js': { ...javascript, program: 'jax-js.mjs', tasks: ['train'], prepare: npm('@jax-js/jax') },
  convnetjs: { ...javascript, program: 'convnetjs.mjs', tasks: ['train'], prepare: npm('convnetjs') },
  tfjs: {
    ...javascript,
    program: 'tfjs.mjs',
    tasks: ['train', 'latency', 'throughput'],
    prepare: npm('@tensorflow/tfjs'),
  },
  onnxruntime: {
    program: 'onnxruntime.mjs',
    tasks: ['latency', 'throughput'],
    threads: [1, 2],
    repeats: 10,
    prepare: onnxruntime,
  },
} satisfies Record<string, Peer>

export type PeerName = keyof typeof peers
export const peerNames = Object.keys(peers) as PeerName[]

/** A peer that could not be had or that failed, and why. */
export interface Missing {
  readonly missing: string
}

export interface PeerOptions {
  /** What to measure; those that the peer cannot do are passed over. Default: all that it can. */
  tasks?: readonly Task[]
  /** The notebook's experiments. Default: all three. */
  experiments?: readonly number[]
  /** How many epochs, steps or calls to time. Default: the peer's own, so that a slow one takes about a minute. */
  repeats?: number
}

const execute = promisify(execFile)
const TIMEOUT = 15 * 60_000

/**
 * Measures a peer in processes of its own, one for each number of threads, after installing it where it is not.
 *
 * @returns Its measurements, named after the peer; or why there are none, so that a bench can say so and go on.
 * @throws DataError if its program printed something else than measurements.
 *
 * @example
 * const measured = await runPeer('keras', { tasks: ['train'], experiments: [1] })
 * if ('missing' in measured) console.log(measured.missing)
 * else console.log(measured[0].best) // seconds an epoch
 */
export async function runPeer(name: PeerName, options: PeerOptions = {}): Promise<Measurement[] | Missing> {
  const peer: Peer = peers[name]
  const tasks = peer.tasks.filter(task => options.tasks?.includes(task) ?? true)
  if (tasks.length === 0) return []
  const { experiments = [1, 2, 3], repeats = peer.repeats } = options
  const program = fileURLToPath(new URL(peer.program, import.meta.url))
  const measured: Measurement[] = []
  for (const threads of peer.threads) {
    let printed: string
    try {
      const { command, env } = await peer.prepare(name)
      const flags = [
        '--tasks',
        tasks,
        '--experiments',
        experiments,
        '--repeats',
        repeats,
        '--threads',
        threads,
      ]
      const settings = { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env }, timeout: TIMEOUT }
      printed = (await execute(command, [program, ...flags.map(String)], settings)).stdout
    } catch (error) {
      return { missing: reasonOf(error) }
    }
    measured.push(...parseMeasurements(printed, peer.program))
  }
  return measured.map(measurement => ({ ...measurement, peer: name }))
}

/** The line of a failed command's output that tells most, else the error's own message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('killed' in error && error.killed) return `did not end within ${TIMEOUT / 60_000} minutes`
  const output = 'stderr' in error ? String(error.stderr) : ''
  const lines = output.split('\n').filter(line => line.trim() !== '')
  return lines.findLast(line => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? error.message
}
