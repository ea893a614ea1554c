import { ConvnetError, loadModel, random, saveModel, setBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { ArrayWatch } from '../../support/array-watch.ts'
import { mutated } from '../../support/mutations.ts'
import { toyData, toyModel } from '../../support/toy.ts'

/** More by hand: MUTATIONS=1000000 npx vitest run test/io/model-file/mutated-files.test.ts */
const COUNT = Number(process.env.MUTATIONS ?? 100_000)

/** A small file with all that one can have: steps of an optimiser, and where a fit stands. */
async function smallFile(): Promise<Buffer> {
  const { x, y } = toyData(6)
  const model = toyModel()
  await model.fit(x, y, { verbose: 0, batchSize: 4 })
  return Buffer.from(saveModel(model))
}

test(`each of ${COUNT} damaged files is loaded or refused, at once and without larger arrays`, async () => {
  setBackend({ kernels: 'reference' })
  const file = await smallFile()
  const start = 8 + Number(file.readBigUInt64LE())
  const [header, data] = [file.subarray(8, start), file.subarray(start)]
  const next = random(1, 'mutations')

  /** Half of them have only their header damaged, and its right length, so that more is reached than that length. */
  function damaged(): Buffer {
    if (next() < 0.5) return Buffer.from(mutated(file, next))
    const prefix = Buffer.alloc(8)
    const other = mutated(header, next)
    prefix.writeBigUInt64LE(BigInt(other.length))
    return Buffer.concat([prefix, other, data])
  }

  const outcomes = new Map<string, number>()
  const watch = new ArrayWatch()
  let slowest = 0
  try {
    for (let i = 0; i < COUNT; i++) {
      const bytes = damaged()
      watch.largest = 0
      const began = performance.now()
      const outcome = await loadModel(bytes).then(
        () => 'loaded',
        (error: unknown) => {
          if (error instanceof ConvnetError) return error.name
          throw new Error(`file ${i}: ${error}`, { cause: error })
        },
      )
      slowest = Math.max(slowest, performance.now() - began)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (watch.largest > bytes.length) throw new Error(`file ${i}: an array of ${watch.largest} bytes`)
    }
  } finally {
    watch.stop()
  }
  expect([...outcomes.keys()].sort()).toEqual(['ModelFileError', 'NonFiniteWeightError', 'loaded'])
  expect(slowest).toBeLessThan(2000)
}, 120_000)
