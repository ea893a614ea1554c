import { type BackendOptions, OptionError } from 'convnet-ts'
import { CommandLine } from './command-line.ts'
import { type Experiment, experiments } from './experiments.ts'

export interface Options {
  readonly experiments: readonly Experiment[]
  readonly epochs: number
  readonly batchSize: number
  readonly seed: number
  /** The folder of the data; undefined for the usual places. */
  readonly data: string | undefined
  /** The folder for the results. */
  readonly out: string
  /** Whether training goes on from what an earlier run has left. */
  readonly resume: boolean
  /** Whether pictures are written as PNG too. */
  readonly png: boolean
  /** Whether a page shows the curves while they grow. */
  readonly live: boolean
  /** How many of the shuffled rows are split and trained on; undefined for all. */
  readonly trainRows: number | undefined
  /** What is asked of the library's backend; undefined for the usual. */
  readonly turbo: boolean | undefined
  readonly numerics: BackendOptions['numerics']
  readonly threads: number | undefined
}

/** What errors call this program. */
const PROGRAM = 'npm start'

export const help = `Trains the three convolutional networks of a Keras notebook on Fashion-MNIST,
and compares them.

  npm start                                    all of it, as the notebook does
  npm start -- --experiment 1 --epochs 10      one of the three, and not as long
  npm start -- --train-rows 2000 --epochs 2    a quick look, in seconds

Options, which npm passes on behind a --, and their defaults:
  --experiment N   1, 2, 3 or all (all)
  --epochs N       how often training goes through the images (50)
  --batch-size N   images that each step learns from (512)
  --seed N         decides first weights, split, shuffles and dropout (0)
  --train-rows N   use only the first N of the shuffled training images, of which
                   a fifth is for validation (all)
  --data DIR       where Fashion-MNIST is, as Kaggle's CSV files or the official
                   IDX files ($FASHION_MNIST_DIR, ./data/fashion-mnist,
                   ../shared/fashion-mnist, the user's cache folder, a download)
  --out DIR        where report.html, summary.json and, for each experiment, its
                   model, history and pictures are written; those of an earlier run stay
                   until this one has its own, and experiments that this one does not
                   run stay as they are (runs/fashion-mnist)
  --resume         goes on where an earlier run with the same options was
                   interrupted, by Ctrl-C or otherwise
  --png            writes pictures as PNG as well, beside the SVG; those that an
                   earlier run has left there are always drawn anew
  --live           serves a page with curves that grow, which only this machine can open
                   while the networks train
  --numerics NAME  fast, or strict: the same bits on every machine (fast)
  --threads N      threads that share the work, from 1 to 64 (the machine's cores)
  --turbo, --no-turbo
                   whether to set flags of V8 that make it faster, once the results
                   have passed a test (where this V8 has any: Node 20, 24 and later)
  --help           this text`

const known = {
  experiment: { type: 'string', default: 'all', expected: '1, 2, 3 or all' },
  epochs: { type: 'string', default: '50', expected: 'a whole number of at least 1' },
  'batch-size': { type: 'string', default: '512', expected: 'a whole number of at least 1' },
  seed: { type: 'string', default: '0', expected: 'a whole number of at least 0' },
  data: { type: 'string', expected: 'a folder' },
  out: { type: 'string', default: 'runs/fashion-mnist', expected: 'a folder' },
  resume: { type: 'boolean', expected: 'nothing behind it' },
  png: { type: 'boolean', expected: 'nothing behind it' },
  live: { type: 'boolean', expected: 'nothing behind it' },
  'train-rows': { type: 'string', expected: 'a whole number of at least 2' },
  numerics: { type: 'string', expected: 'fast or strict' },
  threads: { type: 'string', expected: 'a whole number from 1 to 64' },
  turbo: { type: 'boolean', expected: 'nothing behind it' },
  'no-turbo': { type: 'boolean', expected: 'nothing behind it' },
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
  const experiment = line.text('experiment')!
  const chosen = experiments.filter(({ number }) => ['all', String(number)].includes(experiment))
  if (chosen.length === 0) throw line.refuseValue('experiment')
  const numerics = line.text('numerics')
  if (numerics !== undefined && numerics !== 'fast' && numerics !== 'strict')
    throw line.refuseValue('numerics')
  return {
    experiments: chosen,
    epochs: line.wholeNumber('epochs', 1)!,
    batchSize: line.wholeNumber('batch-size', 1)!,
    seed: line.wholeNumber('seed', 0)!,
    data: line.text('data'),
    out: line.text('out')!,
    resume: line.has('resume'),
    png: line.has('png'),
    live: line.has('live'),
    trainRows: line.wholeNumber('train-rows', 2),
    turbo: line.has('no-turbo') ? false : line.has('turbo') || undefined,
    numerics,
    threads: line.wholeNumber('threads', 1, 64),
  }
}

/** The error for an option of the command line that has a value that it may not have. */
export function refuse(option: string, found: unknown, expected: string): OptionError {
  return new OptionError(PROGRAM, option, found, expected)
}
