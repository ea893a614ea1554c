import { OptionError } from 'convnet-ts'
import { CommandLine } from '../fashion-mnist/command-line.ts'

export interface Options {
  readonly port: number
  /** The file of the model that is served; undefined for a new one. */
  readonly model: string | undefined
  readonly epochs: number
  readonly batchSize: number
  /** The folder of the data; undefined for the usual places. */
  readonly data: string | undefined
}

/** What errors call this program. */
const PROGRAM = 'serve'

export const help = `Answers images over HTTP with what they show, while the network that says so trains.

  npx tsx examples/serve/main.ts
  npx tsx examples/serve/main.ts --model stylist.safetensors --epochs 0

  --port N        where it listens, for this machine alone; 0: any port that is
                  free (8080)
  --model FILE    the network to serve and to train on, as model.save wrote it
                  (a new one, as in experiment 1 of npm start)
  --epochs N      how often training goes through the images; 0: not at all (50)
  --batch-size N  images that each step learns from: answers wait for the step
                  under way, so small batches answer sooner (512)
  --data DIR      where Fashion-MNIST is (see npm start -- --help)
  --help          this text

When training has ended, it serves on until Ctrl-C or SIGTERM, which let the step under way
finish and open requests be answered.`

const known = {
  port: { type: 'string', default: '8080', expected: 'a whole number from 0 to 65535' },
  model: { type: 'string', expected: 'a file' },
  epochs: { type: 'string', default: '50', expected: 'a whole number of at least 0' },
  'batch-size': { type: 'string', default: '512', expected: 'a whole number of at least 1' },
  data: { type: 'string', expected: 'a folder' },
} as const

/**
 * Reads the command line.
 *
 * @returns null where help is asked for
 * @throws OptionError for whatever it does not understand
 */
export function readOptions(args: readonly string[]): Options | null {
  const line = new CommandLine(PROGRAM, known, args)
  if (line.asksForHelp) return null
  return {
    port: line.wholeNumber('port', 0, 65535)!,
    model: line.text('model'),
    epochs: line.wholeNumber('epochs', 0)!,
    batchSize: line.wholeNumber('batch-size', 1)!,
    data: line.text('data'),
  }
}

/** The error for an option of the command line that has a value that it may not have. */
export function refuse(option: string, found: unknown, expected: string): OptionError {
  return new OptionError(PROGRAM, option, found, expected)
}
