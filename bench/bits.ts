/*
 * Does training have the same bits everywhere? Each of the notebook's experiments is trained for 20 steps of Adam in strict
 * numerics, and hashes of the weights are compared: several Nodes, an arm64 one, browsers, threads, turbo, the reference.
 */
import { formatBackend } from 'convnet-ts'
import { type Place, places } from './bits/places.ts'
import type { Bits } from './bits/train.ts'
import type { Answer, Cell, Question } from './support/answer.ts'
import { tableText } from './support/format.ts'

/** What an engine came to in one way of computing. */
export interface Trained {
  readonly engine: string
  readonly version: string
  readonly bits: Bits
}

/** Why an engine came to nothing. */
export interface Missing {
  readonly engine: string
  readonly missing: string
}

export const bits: Question = {
  name: 'bits',
  async ask({ quick, say }): Promise<Answer> {
    const trained: Trained[] = []
    const missing: Missing[] = []
    for (const place of await places(quick)) {
      const result = await trainThere(place, say)
      if ('missing' in result) missing.push(result)
      else trained.push(...result)
    }
    return answerOf(trained, missing)
  },
}

async function trainThere(
  { name: engine, choices, remedy, open }: Place,
  say: (line: string) => void,
): Promise<Trained[] | Missing> {
  const place = await open().catch((reason: Error) => reason)
  if (place instanceof Error) {
    const [reason] = place.message.split('\n\n')
    return { engine, missing: `${reason.replaceAll('\n', ' ').trim()}; ${remedy}` }
  }
  const { version, train } = place
  const trained: Trained[] = []
  for (const choice of choices) {
    const { kernels, threads, turbo } = choice
    say(`bits: ${engine}, ${kernels}, ${threads === 1 ? '1 thread' : '2 threads'}${turbo ? ', turbo' : ''}`)
    trained.push({ engine, version, bits: await train(choice) })
  }
  return trained
}

/**
 * The table of what was found, the first being what the others are compared with.
 *
 * @throws Error with the table, where one has other bits, naming it and the experiments
 */
export function answerOf(trained: readonly Trained[], missing: readonly Missing[]): Answer {
  const [{ bits: first }] = trained
  const ran = ({ info }: Bits) => formatBackend(info)
  const table = {
    title:
      'Weights after 20 steps of Adam of each experiment, in strict numerics: SHA-256, its first 16 digits',
    header: ['engine', 'version', 'what ran', 'hash', 'the same', 'remarks'],
    rows: [
      ...trained.map(({ engine, version, bits }): Cell[] => {
        const same = bits.all === first.all ? 'yes' : 'NO'
        return [engine, version, ran(bits), bits.all.slice(0, 16), same, bits.said]
      }),
      ...missing.map(({ engine, missing }): Cell[] => [
        engine,
        null,
        null,
        null,
        null,
        `not there: ${missing}`,
      ]),
    ],
    inReadme: true,
  }
  const others = trained.filter(({ bits }) => bits.all !== first.all)
  if (others.length > 0) {
    const lines = others.map(({ engine, version, bits }) => {
      const numbers = bits.experiments.flatMap((hash, i) => (hash === first.experiments[i] ? [] : [i + 1]))
      return `${engine} ${version} (${ran(bits)}) has other bits in experiments ${numbers.join(', ')}`
    })
    throw new Error(`${lines.join('\n')}\n\n${tableText(table)}`)
  }
  return { tables: [table], figures: [], measured: { trained, missing } }
}
