/*
 * A random image of the training set, with its index and label, in the terminal and as a picture.
 *
 *   npx tsx examples/fashion-mnist/show.ts --help
 */
import { parseArgs } from 'node:util'
import { ConvnetError, drawImage, fashionMnist, OptionError, progressReporter, random } from 'convnet-ts'
import { imageGrid, writePicture } from 'convnet-ts/report'
import { print } from './print.ts'

const help = `Shows a random image of Fashion-MNIST's training set.

  npx tsx examples/fashion-mnist/show.ts
  npx tsx examples/fashion-mnist/show.ts --index 7 --out boot.svg

  --index N    which one, from 0 (a random one)
  --seed N     decides which one is random (the clock)
  --out FILE   where the picture is written, as .png or .svg
               (training-image-N.png)
  --data DIR   where Fashion-MNIST is (see npm start -- --help)
  --help       this text`

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return print(help)
  const { seed, data } = options
  const { train, classNames } = await fashionMnist({ dir: data, onProgress: progressReporter() })
  const count = train.labels.length
  const { index = Math.floor(random(seed, 'image')() * count), out = `training-image-${index}.png` } = options
  if (index >= count) throw refuse('--index', index, `at most ${count - 1}`)

  const label = train.labels[index]
  print(drawImage(train.images.pick(index)))
  print(`Training image ${index}, label ${label}: ${classNames[label]}`)
  const picture = imageGrid(train.images.lo(index).hi(1), {
    title: `Training image ${index}`,
    labels: [label],
    classNames,
  })
  await writePicture(out, picture)
  print(`Written to ${out}`)
}

/** @returns null where help is asked for */
function readOptions(args: readonly string[]) {
  const { values, tokens } = parseArgs({
    args: [...args],
    // Not strict: parseArgs' own complaints run over several lines.
    strict: false,
    tokens: true,
    options: {
      index: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  for (const token of tokens) {
    const name = token.kind === 'option' ? token.rawName : token.kind === 'positional' ? token.value : '--'
    const isKnown = ['--index', '--seed', '--out', '--data'].includes(name)
    if (!isKnown) throw refuse('an option', name, 'one of --index, --seed, --out, --data, --help')
    if (token.kind === 'option' && !token.value) throw refuse(name, token.value ?? '', 'a value behind it')
  }
  const number = (name: 'index' | 'seed') => {
    const text = values[name] as string | undefined
    if (text === undefined) return undefined
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
    throw refuse(`--${name}`, text, 'a whole number of at least 0')
  }
  return {
    index: number('index'),
    seed: number('seed') ?? Date.now(),
    out: values.out as string | undefined,
    data: values.data as string | undefined,
  }
}

function refuse(option: string, found: unknown, expected: string): OptionError {
  return new OptionError('show', option, found, expected)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ConvnetError)) throw error
  console.error(error.message)
  process.exitCode = error instanceof OptionError ? 2 : 1
}
