import { ConvnetError, Dense, type Random, random, Sequential, setBackend } from 'convnet-ts'
import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readKerasModel, readKerasWeights } from '../../../src/io/keras/read-model.ts'
import { ArrayWatch } from '../../support/array-watch.ts'
import { goldenFile, openHere } from '../../support/keras-models.ts'
import { below, mutated, pick } from '../../support/mutations.ts'

/** More by hand: MUTATIONS=1000000 npx vitest run test/io/keras/mutated-files.test.ts */
const COUNT = Number(process.env.MUTATIONS ?? 100_000)

/** The time that a machine may take which has much else to do: nothing here is judged by the clock. */
const TIMEOUT_MS = 1_200_000

setBackend({ kernels: 'reference' }) // They are there at once.
const tiny = new Sequential([new Dense({ units: 1 })], { inputShape: [2] })

type Reader = (bytes: Uint8Array) => Promise<unknown>
const readModel: Reader = bytes => readKerasModel(bytes, 'damaged', openHere, {})
const readWeights: Reader = bytes => readKerasWeights(tiny, bytes, 'damaged', openHere, false)

/** Files of Keras, and how many of all damaged files are made of each: most of the smallest, which lack nothing but length. */
const files: readonly (readonly [file: string, share: number, read: Reader])[] = [
  ['keras3-tiny.keras', 0.25, readModel],
  ['keras3-tiny.h5', 0.05, readModel],
  ['keras3-tiny.weights.h5', 0.4, readWeights],
  ['keras2-tiny.h5', 0.285, readModel],
  ['keras3-notebook.keras', 0.005, readModel],
  ['keras3-notebook.h5', 0.005, readModel],
  ['keras2-notebook.h5', 0.005, readModel],
]

/** What draws one damaged file after the other. */
function damageTo(file: string): (next: Random) => Uint8Array {
  const original = goldenFile(file)
  if (!file.endsWith('.keras')) return next => damaged(original, next)
  const entries = unzipSync(original)
  const packed = zipSync(entries)
  // One entry is damaged of most archives, or little would come past what unpacks them.
  return next =>
    pick<() => Uint8Array>(
      [
        () => damaged(pick([original, packed], next), next),
        () => stored({ 'config.json': mutated(entries['config.json'], next) }),
        () => stored({ 'model.weights.h5': damaged(entries['model.weights.h5'], next) }),
      ],
      next,
    )()

  function stored(damage: { readonly [entry: string]: Uint8Array }): Uint8Array {
    return zipSync({ ...entries, ...damage }, { level: 0 })
  }
}

const damaged = (bytes: Uint8Array, next: Random): Uint8Array =>
  next() < 0.6 ? withNumber(bytes, next) : mutated(bytes, next)

/** A number of any width becomes one at which readers stumble; mostly where there was one. */
function withNumber(file: Uint8Array, next: Random): Uint8Array {
  const bytes = file.slice()
  const view = new DataView(bytes.buffer)
  const end = bytes.length - 8
  let at = below(end, next)
  if (next() < 0.8) while (at < end && bytes[at] === 0) at++
  const value = pick([0, 1, 8, at, below(end, next), bytes.length, 2 ** 24, 2 ** 31, 2 ** 32 - 1], next)
  pick(
    [
      () => view.setUint8(at, value),
      () => view.setUint16(at, value, true),
      () => view.setUint32(at, value, true),
      () => view.setBigUint64(at, BigInt(value), true),
      () => view.setBigUint64(at, 2n ** 64n - 1n, true),
    ],
    next,
  )()
  return bytes
}

beforeEach(() => {
  // The reader of HDF5 tells of odd attributes there.
  vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => vi.restoreAllMocks())

test.each(files)(
  'each damaged %s is read or refused, without larger arrays',
  async (file, share, read) => {
    const draw = damageTo(file)
    const next = random(1, file)
    const count = Math.ceil(share * COUNT)
    // What is packed may become a hundred times as large.
    const arrayBytes = file.endsWith('.keras') ? 100 : 1
    let good = 0
    const watch = new ArrayWatch()
    try {
      for (let i = 0; i < count; i++) {
        const bytes = draw(next)
        watch.largest = 0
        const error = await read(bytes).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        if (error === null) good++
        else if (!(error instanceof ConvnetError)) throw new Error(`file ${i}: ${error}`, { cause: error })
        if (watch.largest > arrayBytes * bytes.length)
          throw new Error(`file ${i}: an array of ${watch.largest} bytes`)
      }
    } finally {
      watch.stop()
    }
    expect(good).toBeGreaterThan(count / 50)
    expect(good).toBeLessThan(count / 2)
  },
  TIMEOUT_MS,
)
