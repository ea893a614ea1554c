import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runExample } from '../../support/example.ts'
import { hasRealData, realData } from '../../support/real-data.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const size = '--experiment 3 --train-rows 3000 --batch-size 64 --epochs 3 --numerics strict'.split(' ')

/** Has a process send itself a signal once its first epoch is told of: it comes in the second, however busy the machine is. */
const signalling = (signal: NodeJS.Signals) =>
  `data:text/javascript,${encodeURIComponent(`
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text, ...more) => {
    if (text.includes('Epoch 1/3')) setTimeout(() => process.kill(process.pid, '${signal}'), 30)
    return write(text, ...more)
  }`)}`

/** Runs the example until the middle of its second epoch. */
function interrupt(out: string, signal: NodeJS.Signals) {
  const script = ['--import', signalling(signal), '--import', 'tsx', 'examples/fashion-mnist/main.ts']
  return spawnSync(process.execPath, [...script, '--data', realData, '--out', out, ...size], {
    cwd: root,
    encoding: 'utf8',
    timeout: 55_000,
  })
}

/** The numbers of each epoch, without the time that they took. */
const curve = (out: string) =>
  JSON.parse(readFileSync(join(out, 'experiment-3/history.json'), 'utf8')).map(
    ({ seconds, valSeconds, ...numbers }: { [name: string]: number }) => numbers,
  )

describe.skipIf(!hasRealData)('an interrupted run', () => {
  // Plain TypeScript takes half a minute for the test images alone.
  beforeEach(() => void vi.stubEnv('CONVNET_KERNELS', 'simd'))
  afterEach(() => void vi.unstubAllEnvs())

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s is saved, tells how to go on, and goes on to the same numbers', async (signal, code) => {
    const [out, whole] = [tempFolder(), tempFolder()]
    const interrupted = interrupt(out, signal)
    expect(interrupted.status).toBe(code)
    expect(interrupted.stdout).toContain(`Training is interrupted by ${signal}, and saved to `)
    expect(interrupted.stdout).toContain('The same command with --resume goes on from there.')
    expect(existsSync(join(out, 'summary.json'))).toBe(false)

    const run = (folder: string, ...more: string[]) =>
      runExample('fashion-mnist/main.ts', '--data', realData, '--out', folder, ...size, ...more)
    const resumed = run(out, '--resume')
    expect([resumed.stderr, resumed.status]).toEqual(['', 0])
    expect(resumed.stdout).toContain(`Resumed from ${join(out, 'experiment-3/model.safetensors')}`)
    expect(resumed.stdout).not.toContain('Epoch 1/3')
    expect(run(whole).status).toBe(0)
    expect(curve(out)).toEqual(curve(whole))
    const tested = (stdout: string) => stdout.match(/Test loss: .*\nTest accuracy: .*/)?.[0]
    expect(tested(resumed.stdout)).toBeDefined()
    expect(curve(whole)).toHaveLength(3)
  })

  test('that is resumed with other options is refused in one line', async () => {
    const out = tempFolder()
    interrupt(out, 'SIGINT')
    const args = ['--data', realData, '--out', out, ...size, '--batch-size', '32', '--resume']
    const { stderr, status } = runExample('fashion-mnist/main.ts', ...args)
    expect(stderr).toMatch(/^npm start: --batch-size is 32, expected 64, as in the run that has left .*\n$/)
    expect(status).toBe(2)
  })
})
