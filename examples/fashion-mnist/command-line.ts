import { parseArgs } from 'node:util'
import { ConvnetError, OptionError } from 'convnet-ts'

/** What a program takes: options by their names, without the dashes. */
export interface KnownOptions {
  readonly [name: string]: {
    /** An option with a value, or one that is there or not. */
    readonly type: 'string' | 'boolean'
    readonly default?: string
    /** What its value may be, for the error that refuses others. */
    readonly expected: string
  }
}

/** The values of a command line. */
export class CommandLine<Known extends KnownOptions> {
  readonly #program: string
  readonly #known: Known
  readonly #values: { readonly [name: string]: string | boolean | undefined }

  /**
   * @param program what errors call it
   * @throws OptionError for whatever it does not understand
   */
  constructor(program: string, known: Known, args: readonly string[]) {
    const { tokens, values } = parseArgs({
      args: [...args],
      // Not strict: parseArgs' own complaints run over several lines.
      strict: false,
      tokens: true,
      options: { ...known, help: { type: 'boolean', short: 'h' } },
    })
    this.#program = program
    this.#known = known
    this.#values = values as { [name: string]: string | boolean | undefined }
    if (values.help) return
    const names = [...Object.keys(known), 'help'].map(name => `--${name}`)
    for (const token of tokens) {
      if (token.kind === 'positional') {
        throw this.refuse('an argument', token.value, `only options: ${names.join(', ')}`)
      }
      if (token.kind !== 'option') continue
      const { name, rawName, value = '' } = token
      if (!Object.hasOwn(known, name)) throw this.refuse('an option', rawName, `one of ${names.join(', ')}`)
      const { type, expected } = known[name]
      const isMissing = value === '' || value.startsWith('--')
      if (isMissing !== (type === 'boolean')) throw this.refuse(rawName, value, expected)
    }
  }

  get asksForHelp(): boolean {
    return this.#values.help === true
  }

  /** The text behind an option; undefined where it is not given and has no default. */
  text(name: keyof Known & string): string | undefined {
    return this.#values[name] as string | undefined
  }

  /** Whether an option without a value is there. */
  has(name: keyof Known & string): boolean {
    return this.#values[name] === true
  }

  /** The whole number behind an option, from `min` to `max`; undefined where it is not given. */
  wholeNumber(name: keyof Known & string, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw this.refuseValue(name)
  }

  /** The error for the value that an option has. */
  refuseValue(name: keyof Known & string): OptionError {
    return this.refuse(`--${name}`, this.text(name), this.#known[name].expected)
  }

  /** The error for something of the command line. */
  refuse(option: string, found: unknown, expected: string): OptionError {
    return new OptionError(this.#program, option, found, expected)
  }
}

/** Runs a program. A user's mistake is told in one line: exit code 2 for one in the command line, 1 for others. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  // `npm start | head`: nobody reads on, which is no error.
  process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))
  try {
    await main()
  } catch (error) {
    if (!(error instanceof ConvnetError)) throw error
    console.error(error.message)
    process.exitCode = error instanceof OptionError ? 2 : 1
  }
}
