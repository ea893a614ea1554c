/*
 * A random image of the training set, with its index and label, in the terminal and as a picture.
 *
 *   npx tsx examples/fashion-mnist/show.ts --help
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { drawImage, random } from 'convnet-ts'
import { imageGrid, writePicture } from 'convnet-ts/report'
import { CommandLine, runProgram } from './command-line.ts'
import { loadImages } from './load-images.ts'
import { print } from './print.ts'

const help = `Shows a random image of Fashion-MNIST's training set.

  npx tsx examples/fashion-mnist/show.ts
  npx tsx examples/fashion-mnist/show.ts --index 7 --out boot.svg

  --index N    which one, from 0 (a random one)
  --seed N     decides which one is random (the clock)
  --out FILE   where the picture is written, as .png or .svg
               (runs/training-image-N.png)
  --data DIR   where Fashion-MNIST is (see npm start -- --help)
  --help       this text`

const known = {
  index: { type: 'string', expected: 'a whole number of at least 0' },
  seed: { type: 'string', expected: 'a whole number of at least 0' },
  out: { type: 'string', expected: 'a file' },
  data: { type: 'string', expected: 'a folder' },
} as const

async function main(): Promise<void> {
  const line = new CommandLine('show', known, process.argv.slice(2))
  if (line.asksForHelp) return print(help)
  const asked = { index: line.wholeNumber('index', 0), seed: line.wholeNumber('seed', 0) ?? Date.now() }
  const { train, classNames } = await loadImages(line.text('data'), (...what) => line.refuse(...what))
  const count = train.labels.length
  const index = asked.index ?? Math.floor(random(asked.seed, 'image')() * count)
  if (index >= count) throw line.refuse('--index', index, `at most ${count - 1}`)

  const label = train.labels[index]
  print(drawImage(train.images.pick(index)))
  print(`Training image ${index}, label ${label}: ${classNames[label]}`)
  const picture = imageGrid(train.images.lo(index).hi(1), {
    title: `Training image ${index}`,
    yTrue: [label],
    classNames,
  })
  const out = line.text('out') ?? join('runs', `training-image-${index}.png`)
  if (!line.text('out')) mkdirSync(dirname(out), { recursive: true })
  await writePicture(out, picture)
  print(`Written to ${out}`)
}

await runProgram(main)
