import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { garments } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { fromIdx } from '../../../src/data/labelled-images.ts'
import type { Kernels } from '../../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../../src/kernels/reference/reference.ts'
import { engineFlags } from '../../../src/node/engine-flags.ts'
import { readIdx } from '../../../src/node/files/read-idx.ts'
import { expectSameBits } from '../../support/compare.ts'
import { root } from '../../support/packed-library.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'
import { readyKernels, tiles } from '../../support/simd.ts'
import { trained } from '../../support/trained.ts'

/*
 * After 20 steps of Adam strict SIMD has the bits of the reference, whatever its threads and tiles and the engine's vectors.
 */

const images = garments({ train: 160, test: 1 }).train
const weights = (...args: Parameters<typeof trained>) => trained(...args).values
const expected = experiments.map(experiment => weights(referenceFloat32, experiment, images))

function expectTrainedAlike(kernels: Kernels<Float32Array>): void {
  for (const [i, experiment] of experiments.entries())
    expectSameBits(weights(kernels, experiment, images), expected[i], `experiment ${experiment.number}`)
}

test('a step less and other images end in other weights, so that the comparison tells', () => {
  const [experiment] = experiments
  const other = garments({ train: 160, test: 1, seed: 1 }).train
  expect(() => expectSameBits(weights(referenceFloat32, experiment, images, 19), expected[0])).toThrow()
  expect(() => expectSameBits(weights(referenceFloat32, experiment, other), expected[0])).toThrow()
})

describe.each(Object.entries(tiles))('tiles of %s', (_, tile) => {
  test.each([1, 2, 3, 5, 8])('on %i threads', async threads => {
    expectTrainedAlike(await readyKernels(threads, tile))
  })

  test('without relaxed SIMD', async () => {
    expectTrainedAlike(await readyKernels(1, tile, 'strict', false))
  })
})

testWithRealData('on real images', 't10k-images-idx3-ubyte.gz', async () => {
  const files = { images: 't10k-images-idx3-ubyte.gz', labels: 't10k-labels-idx1-ubyte.gz' }
  const [pixels, labels] = [await readIdx(realData + files.images), await readIdx(realData + files.labels)]
  const real = fromIdx(pixels, labels, files)
  const [experiment] = experiments
  const actual = weights(await readyKernels(2, tiles['4×8']), experiment, real)
  expectSameBits(actual, weights(referenceFloat32, experiment, real))
  expect(() => expectSameBits(actual, expected[0])).toThrow()
})

/** V8's flags for vectors of 256 bits, and for code that is optimised before it first runs. */
const wide = ['--experimental-wasm-revectorize', '--no-liftoff']
const hasRevectorizer = engineFlags(process.versions.v8, process.arch).revectorizer !== undefined

test.runIf(hasRevectorizer)('revectorised; skipped where the engine has no revectoriser', () => {
  const program = 'test/support/trained-program.ts'
  const args = [...wide, '--import', 'tsx', program]
  const hashes = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).trim().split('\n')
  expect(hashes).toEqual(expected.map(values => createHash('sha256').update(values).digest('hex')))
})
