/*
 * What the JavaScript peers share: the work, and the line that a measurement is printed as. The packages are found in
 * bench/peers/node_modules or along $NODE_PATH, where peers.ts has put them.
 *
 *   NODE_PATH=… node tfjs.mjs --tasks train,latency --experiments 1,2,3 --repeats 2 --threads 1
 */
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'

export const require = createRequire(import.meta.url)

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: 'train,latency,throughput' },
    experiments: { type: 'string', default: '1,2,3' },
    repeats: { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
  },
})

export const tasks = values.tasks.split(',')
export const repeats = Number(values.repeats)
export const threads = Number(values.threads)

/** Images of an epoch, and those whose inference is a throughput. */
export const EPOCH_ROWS = 48_000
export const THROUGHPUT_ROWS = 10_000

const all = [
  { number: 1, filters: 32, units: 32, dropout: 0, parameters: 173_738 },
  { number: 2, filters: 64, units: 64, dropout: 0, parameters: 693_578 },
  { number: 3, filters: 64, units: 64, dropout: 0.17, parameters: 693_578 },
]

export const experiments = values.experiments.split(',').map(number => all[Number(number) - 1])

/** The version that bench/peers/package.json pins a package to. */
export const versionOf = name => require('./package.json').dependencies[name]

/** mulberry32: drawn numbers in [0, 1), the same in each run. */
function drawing(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

export const random = drawing(1)

/** Drawn pictures of 28 × 28 in [0, 1], two fifths of them zeros, with a bright band that tells the class. */
export function drawnImages(rows) {
  const images = new Float32Array(rows * 784).map(() =>
    random() < 0.4 ? 0 : Math.ceil(255 * random()) / 255,
  )
  const labels = Int32Array.from({ length: rows }, () => Math.floor(10 * random()))
  labels.forEach((label, row) => {
    const band = row * 784 + (2 * label + 2) * 28
    images.fill(1, band, band + 2 * 28)
  })
  return { images, labels }
}

/** Seconds of each of `repeats` calls, awaited, after one that is not timed. */
export async function timeCalls(call, times = repeats) {
  await call()
  const seconds = []
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await call()
    seconds.push((performance.now() - began) / 1000)
  }
  return seconds
}

/** The losses of steps on one batch must begin at about ln 10 and fall. */
export function checkLearning(losses) {
  const first = losses[0]
  const last = losses.at(-1)
  if (losses.every(Number.isFinite) && Math.abs(first - Math.log(10)) < 0.5 && last < first) return
  throw new Error(
    `does not learn: its loss was ${first} at first, where ln 10 is expected, and ${last} at last`,
  )
}

export function checkParameters(found, { number, parameters }) {
  if (found === parameters) return
  throw new Error(`experiment ${number} has ${found} parameters, where ${parameters} are expected`)
}

/** Sigmoid outputs, ten an image. */
export function checkOutputs(outputs, rows) {
  if (outputs.length === rows * 10 && outputs.every(p => p > 0 && p < 1)) return
  throw new Error(`${rows} images gave ${outputs.length} outputs, where ten each in (0, 1) are expected`)
}

/** Prints one measurement, each of the timed `seconds` multiplied by `scale`. */
export function report({ seconds, scale = 1, ...rest }) {
  const sorted = seconds.map(s => s * scale).sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
  console.log(JSON.stringify({ ...rest, best: sorted[0], median, steps: seconds.length }))
}
