import { parseArgs } from 'node:util'
import { ConvnetError } from '../../errors.ts'

/** The options of a command by their names, without the dashes: what its value may be, or null for one without. */
export type KnownOptions = { readonly [name: string]: string | null }

/** What a command was given. */
export interface Arguments<Known extends KnownOptions> {
  /** The values of the options that are there; an option without a value has ''. */
  readonly options: { readonly [name in keyof Known]?: string }
  /** What is not an option, in its order; `-` among it. */
  readonly operands: readonly string[]
}

/** A command line that is not understood. */
export class UsageError extends ConvnetError {
  override readonly name = 'UsageError'
}

/**
 * Reads the command line of a command.
 *
 * @param command its name, for errors
 * @throws UsageError for an option that there is not, one with a value that it may not have, or with two, and for an operand
 * without a character, which a shell makes of a variable that is not set
 */
export function readArguments<Known extends KnownOptions>(
  command: string,
  known: Known,
  args: readonly string[],
): Arguments<Known> {
  const types = Object.entries(known).map(
    ([name, value]) => [name, { type: value === null ? 'boolean' : 'string' }] as const,
  )
  // Not strict: parseArgs' own complaints run over several lines.
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(types),
  })
  const options: { [name in keyof Known]?: string } = {}
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value === '') throw new UsageError(`${command}: an argument is empty`)
      operands.push(token.value)
    }
    if (token.kind !== 'option') continue
    const { name, rawName, value = '', inlineValue } = token
    if (!Object.hasOwn(known, name)) {
      const names = [...Object.keys(known), 'help'].map(each => `--${each}`).join(', ')
      throw new UsageError(`${command}: there is no option ${rawName}, only ${names}`)
    }
    const expected = known[name]
    const isMissing = value === '' || (value.startsWith('--') && !inlineValue)
    if (expected === null ? !isMissing : isMissing) {
      const found = expected === null ? `is given ${value}` : 'has no value'
      throw new UsageError(`${command}: ${rawName} ${found}, expected ${expected ?? 'none'}`)
    }
    if (expected !== null && options[name] !== undefined) {
      throw new UsageError(`${command}: ${rawName} is there twice, expected once`)
    }
    options[name as keyof Known] = value
  }
  return { options, operands }
}

/**
 * The operands of a command that takes so many.
 *
 * @throws UsageError naming the one that is missing, or the first that is too many
 */
export function exactly(command: string, names: readonly string[], operands: readonly string[]): string[] {
  const missing = names[operands.length]
  if (missing) throw new UsageError(`${command}: ${missing} is missing, expected ${names.join(' ')}`)
  const extra = operands[names.length]
  if (extra) throw new UsageError(`${command}: ${extra} is too much, expected ${names.join(' ')}`)
  return [...operands]
}
