/*
 * How long answers of the stylist take, many a second, without training and while it trains.
 *
 *   npx tsx examples/serve/load.ts --help
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { alignedTable, ConvnetError, garments } from 'convnet-ts'
import { CommandLine, runProgram } from '../fashion-mnist/command-line.ts'
import { print } from '../fashion-mnist/print.ts'
import { percentile } from './percentile.ts'

const help = `Starts the stylist, sends it images, and tells how long its answers took.

  npx tsx examples/serve/load.ts
  npx tsx examples/serve/load.ts --batch-size 64

  --rate N        images a second (50)
  --seconds N     for how long, without training and again while it trains (20)
  --batch-size N  images that each step of training learns from (512)
  --data DIR      where Fashion-MNIST is (see npm start -- --help)
  --help          this text`

const known = {
  rate: { type: 'string', default: '50', expected: 'a whole number of at least 1' },
  seconds: { type: 'string', default: '20', expected: 'a whole number of at least 1' },
  'batch-size': { type: 'string', default: '512', expected: 'a whole number of at least 1' },
  data: { type: 'string', expected: 'a folder' },
} as const

interface Load {
  /** Images a second. */
  readonly rate: number
  readonly seconds: number
}

/** More epochs than a measurement lasts. */
const FOR_LONG = 1_000_000

async function main(): Promise<void> {
  const line = new CommandLine('load', known, process.argv.slice(2))
  if (line.asksForHelp) return print(help)
  const load = { rate: line.wholeNumber('rate', 1)!, seconds: line.wholeNumber('seconds', 1)! }
  const batchSize = line.wholeNumber('batch-size', 1)!
  const data = line.text('data')
  const args = [
    '--port',
    '0',
    '--batch-size',
    String(batchSize),
    ...(data === undefined ? [] : ['--data', data]),
  ]
  const rows = []
  for (const epochs of [0, FOR_LONG]) {
    const name = epochs === 0 ? 'without training' : `training, batches of ${batchSize}`
    rows.push([name, ...(await measure([...args, '--epochs', String(epochs)], load))])
  }
  const header = [`Node ${process.versions.node}`, 'answered', 'p50', 'p99', 'longest', 'steps a second']
  print(alignedTable(header, rows, [1, 2, 3, 4, 5]))
}

/** A row of the table. */
async function measure(args: readonly string[], load: Load): Promise<string[]> {
  const server = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  try {
    const address = await addressFrom(server.stdout)
    // The first steps and answers wait for compilers.
    await sendAll(address, { ...load, seconds: 1 })
    const stepsBefore = await stepsOf(address)
    const times = await sendAll(address, load)
    const steps = (await stepsOf(address)) - stepsBefore
    const longest = Math.max(...times)
    const figures = [percentile(times, 50), percentile(times, 99), longest]
    return [
      `${times.length} of ${load.rate * load.seconds}`,
      ...figures.map(time => `${time.toFixed(1)} ms`),
      (steps / load.seconds).toFixed(0),
    ]
  } finally {
    server.kill()
    await ended
  }
}

const program = fileURLToPath(new URL('main.ts', import.meta.url))

/** What the server prints is read on, or else its pipe would fill. */
async function addressFrom(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface(stdout)
      .on('line', line => {
        if (line.startsWith('Listening on ')) resolve(line.slice('Listening on '.length))
      })
      .on('close', () => reject(new ConvnetError('the server has ended before it listened')))
  })
}

async function stepsOf(address: string): Promise<number> {
  const health = await fetch(`${address}/health`)
  return ((await health.json()) as { steps: number }).steps
}

/**
 * Sends images at a steady rate, whether those before are answered or not: one slow answer must not thin out the load.
 *
 * @returns milliseconds from each request to its answer, without those that failed
 */
async function sendAll(address: string, { rate, seconds }: Load): Promise<number[]> {
  const { images } = garments({ train: 10, test: 10 }).test
  const agent = new Agent({ keepAlive: true })
  const begin = performance.now()
  const answers = []
  for (let i = 0; i < rate * seconds; i++) {
    await sleep(Math.max(0, begin + (1000 * i) / rate - performance.now()))
    const from = 784 * (i % 10)
    answers.push(send(`${address}/predict`, agent, images.data.subarray(from, from + 784)))
  }
  const settled = await Promise.allSettled(answers)
  agent.destroy()
  const times = settled.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  if (times.length === 0) throw new ConvnetError(`${address} has answered none of ${settled.length} requests`)
  return times
}

async function send(url: string, agent: Agent, image: Uint8Array): Promise<number> {
  const headers = { 'content-type': 'application/octet-stream' }
  const begin = performance.now()
  const sent = request(url, { method: 'POST', agent, headers }).end(image)
  const [answer] = await once(sent, 'response')
  answer.resume()
  await once(answer, 'end')
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
  return performance.now() - begin
}

await runProgram(main)
