import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadModel } from 'convnet-ts'
import { expect, test } from 'vitest'
import { bundled } from '../support/bundled.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** How many there must be, of all writers together, before they end. */
const SAVES = 100
const REFUSALS = 10

test('two processes save to one path: who gives way is told so, and the file loads at any time', async () => {
  const folder = tempFolder()
  const program = bundled('test/support/saving-program.ts', folder)
  mkdirSync(join(folder, 'run'))
  const file = join(folder, 'run', 'model.safetensors')
  const writers = [1, 2].map(seed => fork(program, [file, `${seed}`]))
  const ended = writers.map(writer => once(writer, 'exit'))
  let saves = 0
  const refusals: { readonly message: string; readonly other: number }[] = []
  for (const [i, writer] of writers.entries()) {
    writer.on('message', (refusal: string | null) => {
      if (refusal === null) saves++
      else refusals.push({ message: refusal, other: writers[1 - i].pid! })
    })
  }

  while (saves === 0) await Promise.race(writers.map(writer => once(writer, 'message')))
  const seeds = new Set<number>()
  while (saves < SAVES || refusals.length < REFUSALS) {
    expect(writers.map(({ exitCode }) => exitCode)).toEqual([null, null])
    seeds.add((await loadModel(file)).seed)
  }
  for (const writer of writers) writer.send('end')
  expect(await Promise.all(ended)).toEqual([
    [0, null],
    [0, null],
  ])

  for (const { message, other } of refusals) {
    expect(message).toBe(`DataError: ${file}: cannot be written (process ${other} is writing it)`)
  }
  expect([1, 2]).toEqual(expect.arrayContaining([...seeds]))
  expect(readdirSync(join(folder, 'run'))).toEqual(['model.safetensors'])
}, 120_000)
