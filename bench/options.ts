import { parseArgs } from 'node:util'
import { ConvnetError, OptionError } from 'convnet-ts'

/** What the command line asks for. */
export interface BenchOptions {
  /** The questions by name; all where none is named. */
  readonly names: readonly string[]
  /** Where everything that was measured is written. */
  readonly json: string | undefined
  /** Where the tables for the README are written. */
  readonly markdown: string | undefined
  /** A rehearsal: little work, the Node that runs alone, and figures that tell nothing. */
  readonly quick: boolean
  /** Only tells how it is used. */
  readonly help: boolean
}

/**
 * Reads the command line.
 *
 * @param known the names of all questions
 * @throws OptionError for whatever it does not understand
 */
export function readBenchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const options = {
    json: { type: 'string' },
    markdown: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  const { values, positionals } = parsed(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  )
  const unknown = positionals.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new OptionError('npm run bench', 'a name', unknown, `one of ${known.join(', ')}`)
  const { json, markdown, quick, help } = values
  return { names: positionals.length > 0 ? positionals : known, json, markdown, quick, help }
}

function parsed<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const [message] = (error as Error).message.split('. To specify', 1)
    throw new ConvnetError(`npm run bench: ${message}; see npm run bench -- --help`, { cause: error })
  }
}
