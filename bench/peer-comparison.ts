/*
 * How long do other libraries take for the same epochs, and for a step of a VGG-like stack? All in one run, the best of several
 * against the best of several. Whoever cannot be installed is named with the reason.
 */
import type { MeasuredEpochs } from './experiments.ts'
import type { Measurement } from './peers/measurement.ts'
import { type PeerName, peerNames, runPeer } from './peers/peers.ts'
import type { Answer, Cell, Figure, Question } from './support/answer.ts'
import { threeDigits, times } from './support/format.ts'
import { describeMode, hasTurbo, headline } from './support/mode.ts'
import { experimentNumbers } from './support/notebook-model.ts'
import type { Session } from './support/session.ts'
import type { Timing } from './support/timing.ts'

/** Best seconds of somebody: an epoch of each experiment, and a step of the VGG-like stack. */
export interface Contender {
  readonly name: string
  readonly version: string
  readonly threads: number
  /** By experiment; null where there is none. */
  readonly epochs: readonly (number | null)[]
  readonly vgg: number | null
  readonly note: string
}

/** This library, with an engine. */
interface Own extends Contender {
  readonly isFast: boolean
}

const THREADS = 2
const native: readonly PeerName[] = ['keras', 'pytorch-tcmalloc', 'pytorch']
const javascript: readonly PeerName[] = ['jax-js', 'convnetjs', 'tfjs']

/** How many times faster an epoch of each experiment has to be. */
const FASTER = { keras: [3.5, 3, 4], 'pytorch-tcmalloc': [7, 6, 8] } as const
const STOCK_FASTER_THAN_KERAS = 1.3
const FASTER_THAN_JAVASCRIPT = 100
const VGG = 0.8

export const peers: Question = {
  name: 'peers',
  async ask(session): Promise<Answer> {
    const own = await measureOwn(session)
    const others: { [name: string]: Contender } = {}
    const missing: string[] = []
    const options = {
      tasks: ['train', 'vgg'],
      ...(session.quick && { experiments: [1], repeats: 1 }),
    } as const
    for (const name of peerNames.filter(peer => native.includes(peer) || javascript.includes(peer))) {
      session.say(`peer ${name}`)
      const measured = await runPeer(name, options)
      if ('missing' in measured) missing.push(`${name} is missing: ${measured.missing}`)
      else others[name] = contender(name, measured)
    }
    const all = [...own, ...Object.values(others)]
    const [fastest] = own.filter(({ isFast }) => isFast).sort((a, b) => a.epochs[1]! - b.epochs[1]!)
    return {
      tables: [comparisonTable(all, fastest ?? own[0], missing)],
      figures: own.flatMap(mine => comparisonFigures(mine, others)),
      measured: { contenders: all, missing },
    }
  },
}

async function measureOwn(session: Session): Promise<Own[]> {
  const own: Own[] = []
  for (const engine of session.engines) {
    const mode = headline(engine)
    const { epochs } = await session.measure<MeasuredEpochs>(mode, {
      measurement: 'epochs',
      threads: THREADS,
    })
    const vgg = await session.measure<Timing>(mode, { measurement: 'vgg', threads: THREADS })
    own.push({
      name: 'convnet-ts',
      version: describeMode(mode),
      threads: THREADS,
      epochs: epochs.map(({ best }) => best),
      vgg: vgg.best,
      note: '',
      isFast: hasTurbo(engine),
    })
  }
  return own
}

function contender(name: PeerName, measured: readonly Measurement[]): Contender {
  const { version, threads, note } = measured[0]
  const epochOf = (number: number) =>
    measured.find(({ task, experiment }) => task === 'train' && experiment === number)?.best ?? null
  const vgg = measured.find(({ task }) => task === 'vgg')?.best ?? null
  return { name, version, threads, epochs: experimentNumbers.map(epochOf), vgg, note }
}

/** Seconds, and in parentheses how many times those of `base` they are. */
function comparisonTable(all: readonly Contender[], base: Contender, missing: readonly string[]) {
  const beside = (seconds: number | null, own: number | null, unit = 1): Cell =>
    seconds === null || own === null ? null : `${threeDigits(seconds * unit)} (${times(seconds / own)})`
  const rows = all.map(({ name, version, threads, epochs, vgg, note }) => [
    name,
    version,
    threads,
    ...epochs.map((seconds, i) => beside(seconds, base.epochs[i])),
    beside(vgg, base.vgg, 1000),
    note,
  ])
  return {
    title: [`Seconds an epoch, and beside ${base.name} with ${base.version}`, ...missing].join('; '),
    header: [
      '',
      'version',
      'threads',
      'experiment 1',
      'experiment 2',
      'experiment 3',
      'VGG-like, ms a step',
      '',
    ],
    rows,
    inReadme: true,
  }
}

/** What was promised of one engine's figures. */
export function comparisonFigures(own: Own, others: { readonly [name: string]: Contender }): Figure[] {
  const figures: Figure[] = []
  const add = (name: string, theirs: number | null | undefined, mine: number | null, atLeast: number) => {
    if (!theirs || !mine) return
    figures.push({ name: `${name}, ${own.version}`, value: theirs / mine, unit: '×', atLeast })
  }
  for (const [i, mine] of own.epochs.entries()) {
    const against = (peer: string) => others[peer]?.epochs[i]
    const title = `experiment ${i + 1} against`
    if (own.isFast) {
      for (const [peer, atLeast] of Object.entries(FASTER))
        add(`${title} ${peer}`, against(peer), mine, atLeast[i])
      const [peer] = javascript
        .filter(name => against(name))
        .sort((a, b) => Number(against(a)) - Number(against(b)))
      add(`${title} the fastest in JavaScript, ${peer}`, against(peer), mine, FASTER_THAN_JAVASCRIPT)
    } else add(`${title} keras`, against('keras'), mine, STOCK_FASTER_THAN_KERAS)
  }
  if (own.isFast) {
    const [peer] = native.filter(name => others[name]?.vgg).sort((a, b) => others[a].vgg! - others[b].vgg!)
    add(`VGG-like stack against the fastest, ${peer}`, others[peer]?.vgg, own.vgg, VGG)
  }
  return figures
}
