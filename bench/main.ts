/*
 * How fast is it, and compared with whom?
 *
 *   npm run bench                                all questions, in half an hour and more
 *   npm run bench -- kernels peers               some of them
 *   npm run bench -- --json FILE --markdown FILE everything as JSON, and the README's tables
 *   npm run bench -- --quick peak                a rehearsal, whose figures tell nothing
 *
 * Each question verifies what it then times, in processes of its own: on the Node that runs and, from npm's packages, on 20, 24
 * and 26. `fast, turbo` is the headline where there is turbo, and strict numerics stand beside it; Node 20 runs as it comes.
 */
import { writeFileSync } from 'node:fs'
import { ConvnetError } from 'convnet-ts'
import { bits } from './bits.ts'
import { experiments } from './experiments.ts'
import { inference } from './inference.ts'
import { kernels } from './kernels.ts'
import { memory } from './memory.ts'
import { notebook } from './notebook.ts'
import { readBenchOptions } from './options.ts'
import { peak } from './peak.ts'
import { peers } from './peer-comparison.ts'
import { profile } from './profile.ts'
import { scaling } from './scaling.ts'
import { start } from './start.ts'
import type { Answer, Question, Table } from './support/answer.ts'
import { findEngines } from './support/engines.ts'
import { figureTable, tableMarkdown, tableText } from './support/format.ts'
import { describeMachine, thisMachine } from './support/machine.ts'
import { openSession } from './support/session.ts'

const questions: readonly Question[] = [
  ...[peak, kernels, experiments, profile, peers, inference],
  ...[scaling, memory, start, notebook, bits],
]

/** An answer, and how busy the machine was meanwhile. */
interface Answered extends Answer {
  readonly loads: readonly number[]
}

type Answers = { readonly [question: string]: Answered }

async function main(): Promise<void> {
  const known = questions.map(({ name }) => name)
  const { names, json, markdown, quick, help } = readBenchOptions(process.argv.slice(2), known)
  if (help) return console.log(usage(known))
  const engines = await findEngines(quick)
  const machine = thisMachine(engines)
  const rehearsal = quick ? 'A rehearsal, whose figures tell nothing. ' : ''
  const heading = `${rehearsal}${describeMachine(machine)}`
  console.log(heading)

  const session = await openSession(engines, quick)
  const answers: { [question: string]: Answered } = {}
  for (const { name, ask } of questions.filter(question => names.includes(question.name))) {
    try {
      const answer = await ask(session)
      session.say(`${name} is answered`)
      const figures = quick ? [] : answer.figures
      answers[name] = { ...answer, figures, loads: session.takeLoads() }
      print(answers[name])
    } catch (error) {
      console.error(`\n${name} failed: ${(error as Error).message}`)
      process.exitCode = 1
    }
    // Written after each, so that a run that is cut off leaves what it has.
    if (json) writeFileSync(json, `${JSON.stringify({ machine, quick, answers }, null, 2)}\n`)
    if (markdown) writeFileSync(markdown, markdownOf(heading, answers))
  }
  for (const table of figuresOf(answers)) console.log(`\n${tableText(table)}`)
}

const usage = (
  known: readonly string[],
) => `How fast is it, and compared with whom? All questions take half an hour and more.

  npm run bench -- [QUESTION…] [options]

  QUESTION         ${known.join(', ')};
                   all where none is named
  --json FILE      writes all that was measured
  --markdown FILE  writes the tables for the README
  --quick          a rehearsal, whose figures tell nothing
  --help           this text`

function print({ tables, loads }: Answered): void {
  for (const table of tables) console.log(`\n${tableText(table)}`)
  console.log(`\nload ${Math.min(...loads).toFixed(2)} to ${Math.max(...loads).toFixed(2)} meanwhile`)
}

function markdownOf(heading: string, answers: Answers): string {
  const shown = Object.values(answers).flatMap(({ tables }) => tables.filter(({ inReadme }) => inReadme))
  return `${[heading, ...[...shown, ...figuresOf(answers)].map(tableMarkdown)].join('\n\n')}\n`
}

/** All figures beside their targets, in one table; none where there are no figures. */
function figuresOf(answers: Answers): Table[] {
  const figures = Object.values(answers).flatMap(answer => answer.figures)
  return figures.length > 0 ? [figureTable(figures)] : []
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ConvnetError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
