import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { garments, setBackend } from 'convnet-ts'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildModel, experiments } from '../../examples/fashion-mnist/experiments.ts'
import { readImage } from '../../examples/serve/image.ts'
import { readOptions } from '../../examples/serve/options.ts'
import { percentile } from '../../examples/serve/percentile.ts'
import { Refusal } from '../../examples/serve/refusal.ts'
import type { Guess } from '../../examples/serve/stylist.ts'
import { runExample } from '../support/example.ts'
import { writeSet } from '../support/idx-files.ts'
import { pngFile } from '../support/png-files.ts'
import { RunningServer } from '../support/running-server.ts'
import { toyModel } from '../support/toy.ts'

interface Prediction {
  readonly top: readonly Guess[]
  readonly steps: number
}

const set = garments({ train: 400, test: 40 })
const imageOf = (i: number) => set.test.images.data.slice(784 * i, 784 * (i + 1))
const raw = { 'content-type': 'application/octet-stream' }
const png = { 'content-type': 'image/png' }

const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-'))
beforeAll(() => writeSet(folder, set, 400, 40))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const post = (address: string, headers: { [name: string]: string }, body: Uint8Array<ArrayBuffer>) =>
  fetch(`${address}/predict`, { method: 'POST', headers, body })

const predict = async (address: string, body: Uint8Array<ArrayBuffer>, headers = raw) =>
  (await (await post(address, headers, body)).json()) as Prediction

const healthOf = async (address: string) => (await fetch(`${address}/health`)).json()

async function untilSteps(address: string, steps: number): Promise<void> {
  while ((await healthOf(address)).steps < steps) await new Promise(resolve => setTimeout(resolve, 50))
}

describe('a server that trains', () => {
  let server: RunningServer
  let address: string
  beforeAll(async () => {
    server = new RunningServer('--data', folder, '--epochs', '1000000', '--batch-size', '16')
    address = await server.address()
  })
  afterAll(() => void server.process.kill('SIGKILL'))

  test('answers with the weights of the moment, and gets better', async () => {
    const image = imageOf(0)
    const first = await predict(address, image)
    await untilSteps(address, first.steps + 10)
    const later = await predict(address, image)
    expect(later.steps).toBeGreaterThanOrEqual(first.steps + 10)
    expect(later.top).not.toEqual(first.top)

    await untilSteps(address, 200)
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => predict(address, imageOf(i))))
    const right = answers.filter(({ top }, i) => top[0].label === set.test.labels[i])
    // 28 of 40 at the least, from the tenth epoch on; an untrained network has 4.
    expect(right.length).toBeGreaterThan(22)
    for (const { top } of answers) {
      expect(top).toHaveLength(3)
      for (const { label, name } of top) expect(name).toBe(set.classNames[label])
      const shares = top.map(({ share }) => share)
      expect(shares.toSorted((a, b) => b - a)).toEqual(shares)
    }
  })

  test('tells how far training is', async () => {
    const before = await healthOf(address)
    const names = ['status', 'model', 'isTraining', 'epochs', 'epoch', 'steps', 'loss']
    expect(Object.keys(before)).toEqual(names)
    expect(before).toMatchObject({
      status: 'ok',
      model: 'experiment_1',
      isTraining: true,
      epochs: 1_000_000,
    })
    await untilSteps(address, before.steps + 40)
    const after = await healthOf(address)
    // 320 images to train on are 20 steps an epoch; an epoch begins before its first step is done.
    expect(after.steps).toBeGreaterThanOrEqual((after.epoch - 1) * 20)
    expect(after.steps).toBeLessThanOrEqual(after.epoch * 20)
    expect(after.epoch).toBeGreaterThan(before.epoch)
  })

  test('answers what is open at SIGTERM, and ends', async () => {
    const headers = { ...raw, 'content-length': 784, connection: 'keep-alive' }
    const open = request(`${address}/predict`, { method: 'POST', headers })
    const answered = once(open, 'response') as Promise<[IncomingMessage]>
    open.write(imageOf(0).subarray(0, 400))
    await new Promise(resolve => setTimeout(resolve, 300))
    server.process.kill('SIGTERM')
    await new Promise(resolve => setTimeout(resolve, 300))
    await expect(healthOf(address)).rejects.toThrow()
    expect(server.process.exitCode).toBe(null)
    open.end(imageOf(0).subarray(400))
    const [answer] = await answered
    expect(answer.statusCode).toBe(200)
    expect(answer.headers.connection).toBe('close')
    expect(JSON.parse((await answer.toArray()).join('')).top).toHaveLength(3)
    expect(await server.ended).toBe(143)
    expect(server.lines.at(-1)).toBe('Serving is interrupted by SIGTERM.')
    expect(server.errors).toEqual([])
  })
})

describe('a server that does not train', () => {
  const file = join(folder, 'model.safetensors')
  setBackend({ numerics: 'strict' })
  const model = buildModel(experiments[0], 3)
  let server: RunningServer
  let address: string
  beforeAll(async () => {
    await model.save(file)
    server = new RunningServer('--data', folder, '--epochs', '0', '--model', file)
    address = await server.address()
  })
  afterAll(() => void server.process.kill('SIGKILL'))

  test('has the three classes with the largest outputs of its model', async () => {
    const outputs = Array.from(model.predict(set.test.images.lo(5).hi(1)).data)
    const sum = outputs.reduce((a, b) => a + b)
    const guesses = outputs.map((output, label) => ({
      label,
      name: set.classNames[label],
      share: output / sum,
    }))
    const top = guesses.sort((a, b) => b.share - a.share).slice(0, 3)
    expect(await predict(address, imageOf(5))).toEqual({ top, steps: 0 })
    const file = encode({ width: 28, height: 28, channels: 1, data: imageOf(5) })
    expect(await predict(address, new Uint8Array(file), png)).toEqual({ top, steps: 0 })
  })

  test('tells how it is used', async () => {
    const answer = await fetch(address)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const text = await answer.text()
    expect(text).toContain(`curl --data-binary @boot.png -H 'content-type: image/png' ${address}/predict\n`)
    const head = await fetch(address, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(`${Buffer.byteLength(text)}`)
    expect(await healthOf(address)).toMatchObject({ isTraining: false, epochs: 0, steps: 0, loss: null })
  })

  const blank = (width: number, height: number) =>
    new Uint8Array(encode({ width, height, channels: 1, data: new Uint8Array(width * height) }))
  const damaged = blank(28, 28).fill(1, 50, 60)

  test.each([
    ['no content type', {}, new Uint8Array(784), 415, /^content-type is missing, expected application/],
    ['another type', { 'content-type': 'image/gif' }, new Uint8Array(9), 415, /is "image\/gif", expected/],
    [
      'a packed body',
      { ...raw, 'content-encoding': 'gzip' },
      imageOf(0),
      415,
      /^content-encoding is gzip, expected none$/,
    ],
    ['too few bytes', raw, new Uint8Array(783), 400, /^the image has 783 bytes, expected 784: 28×28 pixels$/],
    ['too many bytes', raw, new Uint8Array(20_000), 413, /^the body is too large, expected at most 16384/],
    ['no PNG', png, new Uint8Array(784), 400, /^the image is no PNG$/],
    ['another size', png, blank(27, 28), 400, /^the image has 27×28 pixels, expected 28×28$/],
    ['a damaged PNG', png, damaged, 400, /^the PNG: cannot be read as an image \(/],
  ] as const)('refuses %s', async (_, headers, body, status, message) => {
    const answer = await post(address, { ...headers }, new Uint8Array(body))
    expect(answer.status).toBe(status)
    expect((await answer.json()).error).toMatch(message)
    // The connection, and the server, are as good as before.
    expect((await post(address, raw, imageOf(0))).status).toBe(200)
  })

  test('keeps no more of a body of unknown length than it may have', async () => {
    const open = request(`${address}/predict`, { method: 'POST', headers: raw })
    open.on('error', () => {})
    const answered = once(open, 'response')
    for (let i = 0; i < 20; i++) open.write(new Uint8Array(1000))
    const [answer] = await answered
    expect(answer.statusCode).toBe(413)
    open.destroy()
  })

  test('lives on when a sender breaks off', async () => {
    const open = request(`${address}/predict`, {
      method: 'POST',
      headers: { ...raw, 'content-length': 784 },
    })
    open.on('error', () => {})
    open.write(new Uint8Array(9))
    await new Promise(resolve => setTimeout(resolve, 100))
    open.destroy()
    expect((await post(address, raw, imageOf(0))).status).toBe(200)
  })

  test('refuses other paths and methods', async () => {
    const missing = await fetch(`${address}/nothing?x=1`)
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { error: 'there is no /nothing: GET / tells what there is' },
    ])
    const get = await fetch(`${address}/predict`)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    const put = await fetch(`${address}/health`, { method: 'PUT' })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await put.json()).toEqual({ error: 'the method is PUT, expected GET, HEAD' })
  })

  test('answers nobody who calls it by the name of another site', async () => {
    const statusOf = async (host: string) => {
      const asked = request(`${address}/health`, { headers: { host } }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    expect(await statusOf('rebound.example:80')).toBe(403)
    expect(await statusOf('localhost.example')).toBe(403)
    expect(await statusOf('localhost:8080')).toBe(200)
  })

  test('ends at SIGINT, though a connection is open', async () => {
    expect(await healthOf(address)).toMatchObject({ status: 'ok' })
    server.process.kill('SIGINT')
    expect(await server.ended).toBe(130)
    expect(server.errors).toEqual([])
  })
})

describe('the command line', () => {
  test('has defaults, and takes what the help lists', () => {
    expect(readOptions([])).toEqual({
      port: 8080,
      model: undefined,
      epochs: 50,
      batchSize: 512,
      data: undefined,
    })
    const all = '--port 0 --model a --epochs 0 --batch-size 8 --data b'.split(' ')
    expect(readOptions(all)).toEqual({ port: 0, model: 'a', epochs: 0, batchSize: 8, data: 'b' })
    expect(readOptions(['--help'])).toBe(null)
    expect(() => readOptions(['--port', '65536'])).toThrow(
      'serve: --port is "65536", expected a whole number from 0 to 65535',
    )
  })

  test('tells of a port that is taken in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { stderr, status } = runExample('serve/main.ts', '--data', folder, '--port', `${port}`)
    taken.close()
    expect(stderr).toBe(
      `serve: --port is ${port}, expected a port that is free and that you may use, or 0 for any\n`,
    )
    expect(status).toBe(2)
  })

  test('tells of a model for other images in one line', async () => {
    const file = join(folder, 'toy.safetensors')
    await toyModel().save(file)
    const { stderr, status } = runExample('serve/main.ts', '--data', folder, '--model', file)
    expect(stderr).toBe(
      `serve: --model is "${file}", expected a model that takes 28×28×1 and has 10 outputs\n`,
    )
    expect(status).toBe(2)
  })
})

describe('a posted PNG', () => {
  const read = async (channels: number, pixel: readonly number[], options = {}) => {
    const data = Uint8Array.from({ length: 784 * channels }, (_, i) => pixel[i % channels])
    const bytes = encode({ width: 28, height: 28, channels, data, ...options })
    return readImage('image/png', bytes)
  }

  test('is made grey, in front of black where it is transparent', async () => {
    expect((await read(1, [77])).data).toEqual(new Uint8Array(784).fill(77))
    expect((await read(1, [77])).shape).toEqual([1, 28, 28, 1])
    // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
    expect((await read(3, [200, 100, 50])).data).toEqual(new Uint8Array(784).fill(124))
    expect((await read(4, [200, 100, 50, 51])).data).toEqual(new Uint8Array(784).fill(25))
    expect((await read(2, [100, 51])).data).toEqual(new Uint8Array(784).fill(20))
  })

  test('may have 16 bits a channel', async () => {
    const data = new Uint16Array(784).fill(0x8000)
    expect((await read(1, [], { depth: 16, data })).data).toEqual(new Uint8Array(784).fill(128))
  })

  test('may have a palette', async () => {
    const palette = [
      [0, 0, 0],
      [200, 100, 50],
    ]
    const data = Uint8Array.from({ length: 784 }, (_, i) => i % 2)
    expect((await read(1, [], { data, palette })).data).toEqual(data.map(index => 124 * index))
  })

  test('may have one bit a pixel', async () => {
    const rows = Array.from({ length: 28 }, () => [0, 0b10000000, 0, 0, 0b00010000])
    const bytes = pngFile({ width: 28, height: 28, depth: 1, colourType: 0, rows })
    const { data } = await readImage('image/png', bytes)
    expect(data).toEqual(Uint8Array.from({ length: 784 }, (_, i) => ([0, 27].includes(i % 28) ? 255 : 0)))
  })

  test('is not unpacked where it says that it is large', async () => {
    const bytes = encode({ width: 28, height: 28, channels: 1, data: new Uint8Array(784) })
    new DataView(bytes.buffer).setUint32(bytes.byteOffset + 16, 0x7fff_ffff)
    await expect(readImage('image/png', bytes)).rejects.toThrow(
      new Refusal(400, 'the image has 2147483647×28 pixels, expected 28×28'),
    )
  })
})

test('percentile takes the nearest rank', () => {
  const numbers = Array.from({ length: 200 }, (_, i) => 200 - i)
  expect([0, 50, 99, 100].map(percent => percentile(numbers, percent))).toEqual([1, 100, 198, 200])
})

test('the load script tells how long answers took, without training and with it', () => {
  const args = ['--rate', '20', '--seconds', '1', '--batch-size', '32', '--data', folder]
  const { stdout, stderr, status } = runExample('serve/load.ts', ...args)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const [header, idle, training] = stdout.split('\n').map(line => line.split(/ {2,}/))
  expect(header.slice(1)).toEqual(['answered', 'p50', 'p99', 'longest', 'steps a second'])
  for (const [cells, name] of [
    [idle, 'without training'],
    [training, 'training, batches of 32'],
  ] as const) {
    expect(cells.slice(0, 2)).toEqual([name, '20 of 20'])
    const times = cells.slice(2, 5).map(cell => Number(/^([\d.]+) ms$/.exec(cell)![1]))
    expect(times[0]).toBeGreaterThan(0)
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
  }
  expect(idle[5]).toBe('0')
  expect(Number(training[5])).toBeGreaterThan(0)
})
