import { parseArgs } from 'node:util'
import { ConvnetError, OptionError } from '../../errors.ts'
import { LIBRARY_VERSION } from '../../io/model-file/format.ts'
import { UsageError } from './arguments.ts'
import type { Command, Streams } from './streams.ts'
import { tell } from './tell.ts'

/** Each is loaded when it is called, so that `--help` loads none. */
const commands: { readonly [name: string]: () => Promise<{ readonly command: Command }> } = {
  predict: () => import('./predict.ts'),
  evaluate: () => import('./evaluate.ts'),
  summary: () => import('./summary.ts'),
  export: () => import('./export.ts'),
}

const help = `Uses models that convnet-ts, or Keras, has trained.

  convnet-ts predict MODEL IMAGE...     says what photos show
  convnet-ts evaluate MODEL DATA        tests a model on labelled images
  convnet-ts summary MODEL              prints its layers, shapes and weights
  convnet-ts export MODEL --onnx FILE   writes it for other tools

MODEL is a file that model.save has written (.safetensors), or one of Keras (.keras, .h5).

  convnet-ts COMMAND --help             tells more of a command
  convnet-ts --version                  prints the version

Environment variables choose what models compute with, such as CONVNET_THREADS=1; the README
lists them. NO_COLOR=1 prints without colours.

Exit codes: 0, all is well; 1, something could not be read, computed or written; 2, the
command line is not understood.
`

/**
 * Runs the command line program.
 *
 * @param args those behind its name
 * @returns its exit code. A user's mistake is told in one line; what is none of those is thrown
 */
export async function cli(args: readonly string[], streams: Streams): Promise<0 | 1 | 2> {
  try {
    return (await run(args, streams)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof ConvnetError)) throw error
    tell(error, streams)
    return error instanceof UsageError || error instanceof OptionError ? 2 : 1
  }
}

async function run([name, ...args]: readonly string[], streams: Streams): Promise<boolean> {
  const { output } = streams
  if (!name) throw new UsageError('there is no command; convnet-ts --help lists them')
  if (name === '--version') {
    output.write(`${LIBRARY_VERSION}\n`)
    return true
  }
  if (name === '--help' || name === '-h') {
    output.write(help)
    return true
  }
  if (!Object.hasOwn(commands, name)) {
    const [kind, names] = name.startsWith('-')
      ? ['option', ['--help', '--version']]
      : ['command', Object.keys(commands)]
    throw new UsageError(`there is no ${kind} ${name}, only ${names.join(', ')}`)
  }
  const { command } = await commands[name]()
  if (!asksForHelp(args)) return command.run(args, streams)
  output.write(command.help)
  return true
}

function asksForHelp(args: readonly string[]): boolean {
  const options = { help: { type: 'boolean', short: 'h' } } as const
  return parseArgs({ args: [...args], strict: false, options }).values.help !== undefined
}
