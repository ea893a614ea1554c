import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { DataError } from '../../../src/errors.ts'
import { EventFile } from '../../../src/node/callbacks/event-file.ts'
import { eventsIn } from '../../support/event-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('EventFile', () => {
  test('is named as TensorBoard wants it, and begins with the version', async () => {
    const before = Date.now() / 1000
    const folder = join(tempFolder(), 'logs', 'train')
    const { path } = await EventFile.create(folder)
    const [, seconds, host, pid] = /^events\.out\.tfevents\.(\d{10})\.(.+)\.(\d+)\.\d+\.v2$/.exec(
      basename(path),
    )!
    expect([host, pid]).toEqual([hostname(), String(process.pid)])
    expect(Number(seconds)).toBe(Math.floor(eventsIn(folder)[0].wallTime))
    expect(eventsIn(folder)).toMatchObject([{ version: 'brain.Event:2', step: 0, tag: '' }])
    const { wallTime } = eventsIn(folder)[0]
    expect(wallTime).toBeGreaterThanOrEqual(before)
    expect(wallTime).toBeLessThanOrEqual(Date.now() / 1000)
  })

  test('takes events in order when it is flushed', async () => {
    const folder = tempFolder()
    const file = await EventFile.create(folder)
    file.addScalar('loss', 0.5, 0)
    file.addScalar('loss', 0.25, 1)
    expect(eventsIn(folder)).toHaveLength(1)
    await file.flush()
    file.addHistogram('kernel', [1, 1, 1], 2)
    await file.flush()
    await file.flush()
    const [, ...events] = eventsIn(folder)
    expect(events).toMatchObject([
      { tag: 'loss', plugin: 'scalars', step: 0, numbers: [0.5] },
      { tag: 'loss', plugin: 'scalars', step: 1, numbers: [0.25] },
      { tag: 'kernel', plugin: 'histograms', step: 2 },
    ])
    expect(events[2].numbers.slice(-3)).toEqual([1, 1, 3])
  })

  test('is never one that is there', async () => {
    const folder = tempFolder()
    const { path } = await EventFile.create(folder)
    const [, n] = /\.(\d+)\.v2$/.exec(path)!
    // As a thread of this process would have called its own.
    vi.spyOn(Date, 'now').mockReturnValue(1000 * Number(/tfevents\.(\d+)/.exec(path)![1]))
    const taken = path.replace(/\d+\.v2$/, `${Number(n) + 1}.v2`)
    writeFileSync(taken, 'a thread’s')
    const second = await EventFile.create(folder)
    vi.restoreAllMocks()
    expect(second.path).toBe(path.replace(/\d+\.v2$/, `${Number(n) + 2}.v2`))
    expect(readFileSync(taken, 'utf8')).toBe('a thread’s')
    expect(readdirSync(folder)).toHaveLength(3)
  })

  test('is refused where a file is in the way of the folder', async () => {
    const folder = join(tempFolder(), 'logs')
    writeFileSync(folder, '')
    const error = await EventFile.create(folder).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DataError)
    expect((error as DataError).message).toMatch(
      new RegExp(`^${folder}: cannot take event files \\(E(NOTDIR|NOENT|EXIST)`),
    )
  })
})
