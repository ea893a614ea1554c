import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { Updates } from '../../../src/node/live-view/updates.ts'
import { readEvents } from '../../support/event-reader.ts'

const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
})

/** Updates with a server that has all who come follow them, and what it answered. */
async function start(first: string) {
  const updates = new Updates()
  const responses: ServerResponse[] = []
  const server = createServer((_, response) => {
    responses.push(response)
    updates.follow(response, [{ id: 'state', draw: () => first }])
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closings.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  const { port } = server.address() as AddressInfo
  return { updates, responses, port, url: `http://127.0.0.1:${port}/` }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('tells at most four times a second, of the last change to each part', async () => {
  const { updates, url } = await start('0')
  const reader = await readEvents(url)
  const draw = vi.fn((n: number) => String(n))
  for (let n = 1; n <= 100; n++) {
    updates.change({ id: 'state', draw: () => draw(n) }, { id: 'other', draw: () => 'same' })
    await pause(10)
  }
  await updates.flush()
  await vi.waitFor(() => expect(reader.contents.get('state')).toBe('100'))
  expect(reader.contents.get('other')).toBe('same')
  // The first is what was there, the last what was flushed.
  const gaps = reader.times.slice(2, -1).map((time, i) => time - reader.times[i + 1])
  expect(gaps.length).toBeGreaterThan(1)
  expect(Math.min(...gaps)).toBeGreaterThan(200)
  expect(draw).toHaveBeenCalledTimes(reader.times.length - 1)
})

test('draws nothing while nobody reads, nor after the last reader has gone', async () => {
  const { updates, url, responses } = await start('0')
  const draw = vi.fn(() => '1')
  updates.change({ id: 'state', draw })
  await updates.flush()
  const reader = await readEvents(url)
  reader.close()
  await vi.waitFor(() => expect(responses[0].destroyed).toBe(true))
  updates.change({ id: 'state', draw })
  await updates.flush()
  expect(draw).not.toHaveBeenCalled()
})

test('disconnects a reader who does not read, and goes on with the others', async () => {
  const { updates, url, port, responses } = await start('0')
  const idle = connect(port, '127.0.0.1', () => idle.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'))
  closings.push(() => idle.destroy())
  idle.pause()
  await vi.waitFor(() => expect(responses.length).toBe(1))
  const reader = await readEvents(url)
  const text = 'x'.repeat(300_000)
  let most = 0
  // More than the system keeps for a connection.
  for (let n = 0; n < 60 && !responses[0].destroyed; n++) {
    updates.change({ id: 'state', draw: () => `${text}${n}` })
    await updates.flush()
    await pause(5)
    most = Math.max(most, responses[0].writableLength)
  }
  expect(responses[0].destroyed).toBe(true)
  expect(most).toBeGreaterThan(1_000_000)
  expect(most).toBeLessThan(1_700_000)
  updates.change({ id: 'state', draw: () => 'last' })
  await updates.flush()
  await vi.waitFor(() => expect(reader.contents.get('state')).toBe('last'))
})

test('tells fifty readers', async () => {
  const { updates, url } = await start('0')
  const readers = await Promise.all(Array.from({ length: 50 }, () => readEvents(url)))
  updates.change({ id: 'state', draw: () => 'two\n\nlines' })
  await updates.flush()
  await vi.waitFor(() => {
    expect(readers.map(({ contents }) => contents.get('state'))).toEqual(Array(50).fill('two\n\nlines'))
  })
})

test('tells of what is left when it closes, and leaves', async () => {
  const { updates, url } = await start('0')
  const reader = await readEvents(url)
  updates.change({ id: 'state', draw: () => 'left' })
  await updates.close()
  await reader.ended
  expect(reader.contents.get('state')).toBe('left')
})

test('waits for no negative time, of which Node would warn, when it has sent nothing for long', async () => {
  const { updates, url } = await start('0')
  const reader = await readEvents(url)
  await pause(300)
  const wait = vi.spyOn(globalThis, 'setTimeout')
  try {
    updates.change({ id: 'state', draw: () => '1' })
    expect(wait.mock.calls.map(([, ms]) => ms)).toEqual([0])
  } finally {
    wait.mockRestore()
  }
  await vi.waitFor(() => expect(reader.contents.get('state')).toBe('1'))
})
