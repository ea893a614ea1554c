import { parseArgs } from 'node:util'
import { type BackendOptions, OptionError } from 'convnet-ts'
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
                   history and pictures are written; those of an earlier run stay
                   until this one has its own (runs/fashion-mnist)
  --png            writes pictures as PNG as well, beside the SVG
  --live           serves a page, for this machine alone, with curves that grow
                   while the networks train
  --numerics NAME  fast, or strict: the same bits on every machine (fast)
  --threads N      threads that share the work (the machine's cores)
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
  png: { type: 'boolean', expected: 'nothing behind it' },
  live: { type: 'boolean', expected: 'nothing behind it' },
  'train-rows': { type: 'string', expected: 'a whole number of at least 2' },
  numerics: { type: 'string', expected: 'fast or strict' },
  threads: { type: 'string', expected: 'a whole number of at least 1' },
  turbo: { type: 'boolean', expected: 'nothing behind it' },
  'no-turbo': { type: 'boolean', expected: 'nothing behind it' },
} as const

type Name = keyof typeof known

const names = [...Object.keys(known), 'help'].map(name => `--${name}`)

/**
 * Reads the command line.
 *
 * @returns null where help is asked for
 * @throws OptionError for whatever it does not understand
 */
export function readOptions(args: readonly string[]): Options | null {
  const { tokens, values } = parseArgs({
    args: [...args],
    // Not strict: parseArgs' own complaints run over several lines.
    strict: false,
    tokens: true,
    options: { ...known, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return null
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw refuse('an argument', token.value, 'only options, behind a --: npm start -- --epochs 5')
    }
    if (token.kind !== 'option') continue
    const { name, rawName, value = '' } = token
    if (!Object.hasOwn(known, name)) throw refuse('an option', rawName, `one of ${names.join(', ')}`)
    const { type, expected } = known[name as Name]
    const isMissing = value === '' || value.startsWith('--')
    if (isMissing !== (type === 'boolean')) throw refuse(rawName, value, expected)
  }
  const text = (name: Name) => values[name] as string
  const optional = <T>(name: Name, read: (name: Name) => T) =>
    values[name] === undefined ? undefined : read(name)
  const chosen = experiments.filter(({ number }) => ['all', String(number)].includes(text('experiment')))
  if (chosen.length === 0) throw refuse('--experiment', text('experiment'), known.experiment.expected)
  return {
    experiments: chosen,
    epochs: wholeNumber('epochs', text('epochs'), 1),
    batchSize: wholeNumber('batch-size', text('batch-size'), 1),
    seed: wholeNumber('seed', text('seed'), 0),
    data: values.data as string | undefined,
    out: text('out'),
    png: values.png === true,
    live: values.live === true,
    trainRows: optional('train-rows', name => wholeNumber(name, text(name), 2)),
    turbo: values['no-turbo'] ? false : (values.turbo as true | undefined),
    numerics: optional('numerics', name => numerics(text(name))),
    threads: optional('threads', name => wholeNumber(name, text(name), 1)),
  }
}

/** The error for an option of the command line that has a value that it may not have. */
export function refuse(option: string, found: unknown, expected: string): OptionError {
  return new OptionError('npm start', option, found, expected)
}

function wholeNumber(name: Name, text: string, min: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value
  throw refuse(`--${name}`, text, known[name].expected)
}

function numerics(text: string): 'fast' | 'strict' {
  if (text === 'fast' || text === 'strict') return text
  throw refuse('--numerics', text, known.numerics.expected)
}
