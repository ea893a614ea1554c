/*
 * How long does it take from the import to the first trained batch, and how large is the package? The package is built, and
 * measured as its users have it: JavaScript, without a loader.
 */
import { fileURLToPath } from 'node:url'
import type { Answer, Figure, Question } from './support/answer.ts'
import { describeMode, hasTurbo, headline, type Mode } from './support/mode.ts'
import { runProgram } from './support/session.ts'
import { type Timing, timingOf } from './support/timing.ts'

const program = fileURLToPath(new URL('support/first-batch.mjs', import.meta.url))

/** An engine's headline, and the mode that the library comes with. */
function modesOf(mode: Mode): Mode[] {
  return mode.turbo ? [mode, { ...mode, numerics: 'strict', turbo: false }] : [mode]
}

interface PackageSize {
  /** Bytes to download, and on the disk. */
  readonly size: number
  readonly unpackedSize: number
  readonly entryCount: number
}

/** Builds the package and tells its size. */
async function packageSize(): Promise<PackageSize> {
  await runProgram('npm', ['run', 'build'])
  const packed = await runProgram('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])
  const [{ size, unpackedSize, entryCount }] = JSON.parse(packed)
  return { size, unpackedSize, entryCount }
}

/** Seconds from the import to the first trained batch, each in a process of its own. */
async function timeStart({ engine, numerics, turbo }: Mode, times: number): Promise<Timing> {
  const seconds: number[] = []
  const env = { CONVNET_NUMERICS: numerics, CONVNET_TURBO: turbo ? 'on' : 'off' }
  for (let i = 0; i < times; i++) seconds.push(Number(await runProgram(engine.path, [program], env)))
  return timingOf(seconds)
}

export const start: Question = {
  name: 'start',
  async ask(session): Promise<Answer> {
    session.say('start: building the package')
    const packed = await packageSize()
    const measured = []
    for (const mode of session.engines.flatMap(engine => modesOf(headline(engine)))) {
      session.say(`start: ${describeMode(mode)}`)
      measured.push({ mode, ...(await timeStart(mode, session.quick ? 1 : 10)) })
    }
    const fast = measured.filter(({ mode }) => hasTurbo(mode.engine))
    return {
      tables: [
        {
          title: 'From the import to the first trained batch of experiment 1',
          header: ['mode', 'ms, best', 'ms, median'],
          rows: measured.map(({ mode, best, median }) => [describeMode(mode), 1e3 * best, 1e3 * median]),
        },
        {
          title: 'Package',
          header: ['files', 'MB to download', 'MB on the disk'],
          rows: [[packed.entryCount, packed.size / 1e6, packed.unpackedSize / 1e6]],
        },
      ],
      figures: fast.map(
        ({ mode, best }): Figure => ({
          name: `import to first trained batch, ${describeMode(mode)}`,
          value: 1e3 * best,
          unit: 'ms',
          atMost: 250,
        }),
      ),
      measured: { measured, packed },
    }
  },
}
