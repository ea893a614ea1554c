/*
 * How long does a prediction take: of one image, and of 10,000 in one call? Beside onnxruntime and TensorFlow.js.
 */
import { type Sequential, type Tensor, tensor } from 'convnet-ts'
import { buildModel, experiments as notebook } from '../examples/fashion-mnist/experiments.ts'
import { currentBackend } from '../src/backend/backend.ts'
import { referenceFloat32 } from '../src/kernels/reference/reference.ts'
import { Network } from '../src/model/plan/network.ts'
import { Predictor } from '../src/model/predictor.ts'
import { flat } from '../src/tensor/tensor.ts'
import type { Measurement } from './peers/measurement.ts'
import { type PeerName, runPeer } from './peers/peers.ts'
import type { Answer, Cell, Figure, Question } from './support/answer.ts'
import { drawnImages } from './support/drawn-images.ts'
import { describeMode, headlineAndStrict, type Mode } from './support/mode.ts'
import type { Job } from './support/session.ts'
import { type Timing, timeCalls } from './support/timing.ts'

const IMAGES = 10_000
/** Ascending, since a model keeps the largest batch that it has met. */
const BATCHES = [50, 100, 200, 500, 1000]
/** Experiment 3 drops nothing when it predicts: it is experiment 2. */
const NUMBERS = [1, 2] as const
const FASTER = { latency: 1.3, throughput: 2 } as const

/** One experiment's inference. */
interface MeasuredInference {
  readonly experiment: number
  /** Seconds of one image. */
  readonly latency: Timing
  /** Seconds of 10,000, with the best of the batch sizes. */
  readonly throughput: Timing & { readonly batchSize: number }
}

/** Verifies some outputs of both networks, then times them. */
export function measureInference(job: Job): MeasuredInference[] {
  const { images } = drawnImages(job.quick ? 1000 : IMAGES)
  const one = tensor(flat(images).subarray(0, 784), [1, 28, 28, 1])
  return NUMBERS.map(experiment => {
    const model = buildModel(notebook[experiment - 1], 1)
    verifyOutputs(model, images, job)
    const latency = timeCalls(() => model.predict(one), { seconds: job.quick ? 0.02 : 1 })
    const batches = BATCHES.map(batchSize => {
      const call = () => model.predict(images, { batchSize })
      return { ...timeCalls(call, job.quick ? { seconds: 0, least: 1 } : { seconds: 1 }), batchSize }
    })
    return { experiment, latency, throughput: batches.reduce((a, b) => (b.best < a.best ? b : a)) }
  })
}

/** @throws Error where outputs are not the reference's: its bits in strict numerics, within 1e-4 in fast ones */
function verifyOutputs(model: Sequential, images: Tensor<Uint8Array>, { numerics }: Job): void {
  const rows = 33
  const data = { count: rows, size: 784, data: flat(images) }
  const [actual, expected] = [currentBackend().kernels, referenceFloat32].map(kernels => {
    const network = new Network(kernels, model.layers, model.inputShape!, model.seed)
    return new Predictor(network, rows).predict(data)
  })
  const isRight = (x: number, i: number) =>
    numerics === 'strict'
      ? Object.is(x, expected[i])
      : Math.abs(x - expected[i]) <= 1e-4 * Math.abs(expected[i])
  const wrong = actual.findIndex((x, i) => !isRight(x, i))
  if (wrong < 0) return
  throw new Error(
    `output ${wrong} of ${model.name} is ${actual[wrong]}, expected ${expected[wrong]} (${numerics})`,
  )
}

interface Run {
  readonly mode: Mode
  readonly threads: number
  readonly results: readonly MeasuredInference[]
}

export const inference: Question = {
  name: 'inference',
  async ask(session): Promise<Answer> {
    const runs: Run[] = []
    for (const mode of session.engines.flatMap(headlineAndStrict)) {
      for (const threads of [1, 2]) {
        const job = { measurement: 'inference', threads }
        runs.push({ mode, threads, results: await session.measure<MeasuredInference[]>(mode, job) })
      }
    }
    const options = { tasks: ['latency', 'throughput'], experiments: NUMBERS } as const
    const peers: Measurement[] = []
    const missing: string[] = []
    for (const name of ['onnxruntime', 'tfjs'] satisfies PeerName[]) {
      session.say(`peer ${name}`)
      const measured = await runPeer(name, session.quick ? { ...options, repeats: 1 } : options)
      if ('missing' in measured) missing.push(`${name} is missing: ${measured.missing}`)
      else peers.push(...measured)
    }
    const rows = [...runs.flatMap(ownRows), ...peerRows(peers)]
    const header = ['', 'threads', 'experiment', 'one image, µs', 'median', '10,000 images, s', 'in calls of']
    return {
      tables: [{ title: ['Inference', ...missing].join('; '), header, rows, inReadme: true }],
      figures: figuresOf(runs, peers),
      measured: { runs, peers, missing },
    }
  },
}

const ownRows = ({ mode, threads, results }: Run): Cell[][] =>
  results.map(({ experiment, latency, throughput }) => [
    `convnet-ts, ${describeMode(mode)}`,
    threads,
    experiment,
    1e6 * latency.best,
    1e6 * latency.median,
    throughput.best,
    throughput.batchSize,
  ])

/** A line for each experiment and number of threads: the latency, and the throughput of the better calls. */
function peerRows(peers: readonly Measurement[]): Cell[][] {
  const latencies = peers.filter(({ task }) => task === 'latency')
  return latencies.map(({ peer, version, experiment, threads, best, median }) => {
    const isSame = (of: Measurement) =>
      of.peer === peer && of.experiment === experiment && of.threads === threads
    const throughput = bestOf(peers.filter(of => of.task === 'throughput' && isSame(of)))
    return [
      version,
      threads,
      experiment,
      1e6 * best,
      1e6 * median,
      throughput?.best ?? null,
      throughput?.note.match(/\d+/)?.[0] ?? null,
    ]
  })
}

/** Turbo's latency and throughput against the best of onnxruntime's, whatever the threads. */
function figuresOf(runs: readonly Run[], peers: readonly Measurement[]): Figure[] {
  const fast = runs.filter(({ mode }) => mode.turbo && mode.numerics === 'fast')
  const names = [...new Set(fast.map(({ mode }) => describeMode(mode)))]
  return names.flatMap(name =>
    NUMBERS.flatMap(experiment =>
      (['latency', 'throughput'] as const).flatMap(task => {
        const isOnnx = (of: Measurement) =>
          of.peer === 'onnxruntime' && of.task === task && of.experiment === experiment
        const theirs = bestOf(peers.filter(isOnnx))
        const mine = bestOf(
          fast
            .filter(
              ({ mode, threads }) => describeMode(mode) === name && (task === 'latency' || threads === 2),
            )
            .map(({ results }) => results.find(result => result.experiment === experiment)![task]),
        )
        if (!theirs || !mine) return []
        const what = task === 'latency' ? 'one image' : `${IMAGES} images, 2 thr.`
        return [
          {
            name: `experiment ${experiment}, ${what}, against onnxruntime, ${name}`,
            value: theirs.best / mine.best,
            unit: '×' as const,
            atLeast: FASTER[task],
          },
        ]
      }),
    ),
  )
}

function bestOf<T extends { readonly best: number }>(of: readonly T[]): T | undefined {
  return [...of].sort((a, b) => a.best - b.best)[0]
}
