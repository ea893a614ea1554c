/*
 * Makes docs/fashion-mnist.md and its pictures from a run of the example:
 *
 *   npm start && npm run docs
 *   npm run docs -- DIR          from the results in another folder than runs/fashion-mnist
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closingTable } from '../examples/fashion-mnist/closing-table.ts'
import { NOTEBOOK_EPOCHS, NOTEBOOK_ROWS } from '../examples/fashion-mnist/experiments.ts'
import type { Result } from '../examples/fashion-mnist/output.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const run = process.argv[2] ?? join(folder, '../runs/fashion-mnist')

/** A picture of the run, by its path there, and what is to be seen on it. */
type Shown = readonly [path: string, caption: string]

const pictures = {
  comparison: [
    ['validation-accuracy', 'Accuracy on the validation images, epoch by epoch'],
    ['validation-loss', 'Loss on the validation images, epoch by epoch'],
  ],
  seeing: [
    ['experiment-1/filters', 'The 32 filters of 3×3 that experiment 1 has learnt'],
    ['experiment-1/feature-maps', 'One image on its way through the layers of experiment 1'],
  ],
  learning: [1, 2, 3].flatMap((number): Shown[] => [
    [`experiment-${number}/loss`, `Loss of experiment ${number}`],
    [`experiment-${number}/accuracy`, `Accuracy of experiment ${number}`],
  ]),
  testing: [
    ['experiment-2/predictions', 'The first test images and what experiment 2 took them for'],
    ['experiment-2/confusion-counts', 'Confusion matrix of experiment 2, in images'],
    ['experiment-2/confusion-shares', 'Confusion matrix of experiment 2, as shares of each true class'],
    ['experiment-2/class-scores', 'Precision, recall and F1 score of each class in experiment 2'],
  ],
} satisfies { readonly [part: string]: readonly Shown[] }

const results: Result[] = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'))
if (results.length !== 3 || results.some(({ epochs }) => epochs !== NOTEBOOK_EPOCHS)) {
  console.error(
    `${run} has no whole run: npm start, without --experiment, --epochs and --train-rows, makes one`,
  )
  process.exit(1)
}

mkdirSync(join(folder, 'pictures'), { recursive: true })
for (const [path] of Object.values(pictures).flat()) {
  copyFileSync(join(run, `${path}.svg`), join(folder, fileOf(path)))
}
writeFileSync(join(folder, 'fashion-mnist.md'), page())

function page(): string {
  const { header, rows, notes } = closingTable(results, NOTEBOOK_ROWS, true)
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.trim()).join(' | ')} |`
  const { facts, data } = results[0]
  // Where they lay is of no interest.
  const images = data.replace(/ in .*/, '')
  return `# Three networks learn to tell clothes apart

What \`npm start\` comes to, in pictures; the run writes them all, and \`report.html\` with the whole story around them. This page
is made of one by \`npm run docs\`.

${Object.entries({ Images: images, ...facts })
  .map(([name, value]) => `- ${name}: ${value}`)
  .join('\n')}

## Side by side

${[line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')}

${notes.join(' ')}

${shown(pictures.comparison)}

## What a network sees

A convolution asks the same question at every place of the image. Training finds the questions: filters of nine weights. ReLU keeps
what is there, pooling keeps that it is there and not exactly where, and two dense layers weigh it all.

${shown(pictures.seeing)}

## Learning

Training solid, validation dashed; behind them, thin, the same networks trained by Keras 3.

${shown(pictures.learning)}

## Testing

${shown(pictures.testing)}
`
}

function shown(all: readonly Shown[]): string {
  return all.map(([path, caption]) => `![${caption}](${fileOf(path)})`).join('\n')
}

/** `experiment-1/loss` → `pictures/experiment-1-loss.svg` */
function fileOf(path: string): string {
  return `pictures/${path.replace('/', '-')}.svg`
}
