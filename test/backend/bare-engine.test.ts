import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a Node with these flags prints: of fallbacks, and what has trained a tiny model. */
function trainedBy(flags: readonly string[], options: string, before = ''): string[] {
  // What transpiles the imports may need what `before` takes away.
  const program = `
    const { backend, setBackend } = await import('convnet-ts')
    const { toyData, toyModel } = await import('./test/support/toy.ts')
    ${before}
    setBackend(${options})
    const { x, y } = toyData(8)
    const { history } = await toyModel().fit(x, y, { epochs: 1, verbose: 0 })
    console.log(backend.info.kernels, Number.isFinite(history.loss[0]))`
  const args = [...flags, '--import', 'tsx', '--input-type=module', '--eval', program]
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CONVNET_')))
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env, stdio: 'pipe' })
    .trim()
    .split('\n')
}

const trained = 'reference true'

test('an engine that hides SharedArrayBuffer, as browsers do, runs one thread', () => {
  const lines = trainedBy([], '{ threads: 2 }', 'delete globalThis.SharedArrayBuffer')
  expect(lines).toEqual([expect.stringContaining('going on with one'), 'simd true'])
})

test('an engine without WebAssembly trains by the reference, and says so unless that was asked for', () => {
  expect(trainedBy(['--jitless'], `{ kernels: 'reference' }`)).toEqual([trained])
  const lines = trainedBy(['--jitless'], '{}')
  expect(lines).toEqual([expect.stringContaining('has no SIMD for WebAssembly: plain TypeScript'), trained])
})

test.each([
  ['Atomics', 'shared memory for WebAssembly'],
  ['FinalizationRegistry', 'FinalizationRegistry'],
])('so does one without %s', (name, lacking) => {
  const lines = trainedBy([], '{ threads: 2 }', `delete globalThis.${name}`)
  expect(lines).toEqual([
    expect.stringContaining(`has no ${lacking}: plain TypeScript runs, slowly`),
    trained,
  ])
})
