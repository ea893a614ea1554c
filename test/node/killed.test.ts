import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { loadModel, type Random, random } from 'convnet-ts'
import { expect, test } from 'vitest'
import { bundled } from '../support/bundled.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** More by hand: KILLS=1000 npx vitest run test/node/killed.test.ts */
const KILLS = Number(process.env.KILLS ?? 200)

/** Starting one takes longer than killing it. */
const AT_A_TIME = 4

/**
 * Starts the program again and again, and kills it at random moments.
 *
 * @returns how many of the kills left a file that was being written
 */
async function killAgainAndAgain(
  program: string,
  file: string,
  kills: number,
  next: Random,
): Promise<number> {
  let steps = 0
  let unfinished = 0
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.on('data', text => {
      printed += text
    })
    await once(child.stdout, 'data') // A first step is saved, and from now on it does little else.
    await setTimeout(20 * next())
    child.kill('SIGKILL')
    await once(child, 'close')

    const reported = Number(printed.trim().split('\n').at(-1))
    const saved = (await loadModel(file)).getTrainingState().optimizer!.steps
    expect(saved).toBeGreaterThan(steps)
    // It may have been killed before it could report the last one.
    expect([reported, reported + 1]).toContain(saved)
    steps = saved
    const left = readdirSync(dirname(file)).filter(name => name !== basename(file))
    expect(left.length).toBeLessThanOrEqual(1)
    unfinished += left.length
  }
  return unfinished
}

test(`a process that is killed while it saves, ${KILLS} times, leaves a file that loads`, async () => {
  const folder = tempFolder()
  const program = bundled('test/support/checkpoint-program.ts', folder)
  const unfinished = await Promise.all(
    Array.from({ length: AT_A_TIME }, (_, i) => {
      const own = join(folder, `${i}`)
      mkdirSync(own)
      const file = join(own, 'model.safetensors')
      return killAgainAndAgain(program, file, Math.ceil(KILLS / AT_A_TIME), random(4, 'kills', i))
    }),
  )
  // Otherwise the kills have missed what this is about.
  expect(unfinished.reduce((sum, count) => sum + count)).toBeGreaterThan(KILLS / 20)
}, 600_000)
