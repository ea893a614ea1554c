import { backend, setBackend, setTerminal } from 'convnet-ts'
import { beforeEach, expect, test, vi } from 'vitest'
import { currentBackend } from '../../src/backend/backend.ts'
import { host } from '../../src/backend/host.ts'
import { agreesWithReference } from '../../src/backend/self-test.ts'
import { fusesMultiplyAdd, hasRelaxedSimd } from '../../src/kernels/simd/runtime/features.ts'
import { expectSameBits } from '../support/compare.ts'
import { fiveSteps } from '../support/five-steps.ts'
import { recorder } from '../support/terminals.ts'

/*
 * Turbo on the engine that runs the tests, whose flags it sets: in a file, and so in a process, of its own.
 */

const output = recorder()
const said = output.written
setTerminal(output)

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('CONVNET_')) vi.stubEnv(name, '')
  said.length = 0
})

test.each([1, 3])(
  'strict: the bits of the reference, also once others were compiled before, on %i threads',
  async threads => {
    setBackend({ kernels: 'reference' })
    const expected = await fiveSteps()
    setBackend({ threads })
    expectSameBits((await fiveSteps()).weights, expected.weights, 'without turbo')

    setBackend({ threads, turbo: true })
    const revectorized = host().flags.revectorizer !== undefined && fusesMultiplyAdd()
    expect(backend.info).toMatchObject({ kernels: 'simd', revectorized, tile: revectorized ? '4×16' : '4×8' })
    expect(said.filter(line => line.includes('failed'))).toEqual([])
    expectSameBits((await fiveSteps()).weights, expected.weights, 'with turbo')
  },
)

test('fast: the same bits for any number of threads, within what rounding allows', async () => {
  const weights: number[][] = []
  for (const threads of [1, 2, 5]) {
    setBackend({ numerics: 'fast', turbo: true, threads })
    weights.push((await fiveSteps()).weights)
  }
  expect(hasRelaxedSimd()).toBe(true)
  expect(backend.info).toMatchObject({ numerics: 'fast', relaxedSimd: true })
  expect(agreesWithReference(currentBackend().kernels, 'fast')).toBe(true)
  expectSameBits(weights[1], weights[0])
  expectSameBits(weights[2], weights[0])
})
