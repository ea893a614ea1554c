import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type LabelledImages, SIDE } from '../../data/fashion-mnist.ts'
import { fromTable } from '../../data/labelled-images.ts'
import { DataError } from '../../errors.ts'
import { classificationReport } from '../../metrics/classification-report.ts'
import { confusionMatrix } from '../../metrics/confusion-matrix.ts'
import { formatClassificationReport } from '../../metrics/format-classification-report.ts'
import { formatConfusionMatrix } from '../../metrics/format-confusion-matrix.ts'
import type { Sequential } from '../../model/sequential.ts'
import { formatShape, sizeOf } from '../../tensor/shape.ts'
import { flat, type Rows } from '../../tensor/tensor.ts'
import { counted } from '../../text/counted.ts'
import { withCommas } from '../../text/with-commas.ts'
import { readTestImages } from '../fashion-mnist/fashion-mnist-files.ts'
import { readCsv } from '../tables/read-csv.ts'
import { exactly, readArguments } from './arguments.ts'
import { CLASSES_HELP, CLASSES_VALUE, classNamesOf } from './class-names.ts'
import { modelInput, WHITE_HELP, WHITE_VALUE } from './model-input.ts'
import { openModel } from './open-model.ts'
import { StatusLine } from './status-line.ts'
import type { Command, Streams } from './streams.ts'

/** Images that are tested between two signs of life. */
const AT_A_TIME = 1000

const help = `Tests a model on labelled images: loss, accuracy, the scores of each class, and which classes
it takes for which.

  convnet-ts evaluate MODEL DATA

MODEL is a file that model.save has written (.safetensors), or one of Keras (.keras, .h5).
DATA is a folder with Fashion-MNIST's test images, as Kaggle's CSV file or the official IDX
files, or a CSV file like Kaggle's: label, pixel1, ... pixel784.

${CLASSES_HELP}  --json           prints all of it as JSON
${WHITE_HELP}  --help           this text
`

const known = { classes: CLASSES_VALUE, json: null, white: WHITE_VALUE }

export const command: Command = { help, run }

async function run(args: readonly string[], { output, errors }: Streams): Promise<boolean> {
  const { options, operands } = readArguments('evaluate', known, args)
  const [file, path] = exactly('evaluate', ['MODEL', 'DATA'], operands)
  const model = await openModel(file, { compile: true })
  checkInput(model, file)
  const classNames = await classNamesOf('evaluate', model, file, options.classes)
  const input = modelInput('evaluate', model, options.white)
  const status = new StatusLine(errors)
  const { images, labels } = await readImages(path, status)
  checkLabels(labels, path, classNames.length)
  const { loss, predicted } = evaluate(model, flat(images), labels, input, status)
  status.clear()

  const classes = classNames.length
  const matrix = confusionMatrix(labels, predicted, { classes })
  const report = classificationReport(labels, predicted, { classNames })
  if (options.json !== undefined) {
    const rows = Array.from({ length: classes }, (_, i) => [...flat(matrix.pick(i, null))])
    const { accuracy, ...scores } = report
    const result = { images: labels.length, loss, accuracy, ...scores, confusionMatrix: rows }
    output.write(`${JSON.stringify(result)}\n`)
    return true
  }
  output.write(`${counted(labels.length, 'image')}\n`)
  if (loss !== null) output.write(`Loss: ${loss.toFixed(4)}\n`)
  output.write(`Accuracy: ${report.accuracy.toFixed(4)}\n\n`)
  output.write(`${formatClassificationReport(report)}\n`)
  output.write('Confusion matrix, true classes down, predicted classes across:\n\n')
  output.write(`${formatConfusionMatrix(matrix, classNames)}\n`)
  return true
}

function checkInput({ inputShape }: Sequential, file: string): void {
  if (sizeOf(inputShape!) === SIDE * SIDE) return
  const found = `the model takes rows of ${formatShape(inputShape!)}`
  throw new DataError(
    { file },
    `${found}, expected grey images of ${SIDE}×${SIDE}: others are not tested here`,
  )
}

function checkLabels(labels: Uint8Array, path: string, classes: number): void {
  const unknown = labels.find(label => label >= classes)
  if (unknown === undefined) return
  const expected = `expected those of the model's classes, 0 to ${classes - 1}`
  throw new DataError({ file: path }, `has an image with the label ${unknown}, ${expected}`)
}

async function readImages(path: string, status: StatusLine): Promise<LabelledImages> {
  const show = (label: string, done: number, total: number) =>
    status.show(`${label}: ${Math.floor((100 * done) / total)} %`)
  const stats = await stat(path).catch(() => null) // The reader tells what is wrong with it.
  if (stats?.isDirectory()) return readTestImages(path, { onProgress: show })
  const onProgress = (done: number, total: number) => show(`Reading ${basename(path)}`, done, total)
  // No file appears beside a user's for a command that only looks at it.
  return fromTable(await readCsv(path, { dtype: 'uint8', cache: false, onProgress }))
}

/** The loss, null for a model that is not compiled, and the class that each image is taken for. */
function evaluate(
  model: Sequential,
  pixels: Uint8Array,
  labels: Uint8Array,
  input: (pixels: Uint8Array) => Rows,
  status: StatusLine,
): { loss: number | null; predicted: Int32Array } {
  const size = pixels.length / labels.length
  const predicted = new Int32Array(labels.length)
  let loss = 0
  for (let from = 0; from < labels.length; from += AT_A_TIME) {
    status.show(`Evaluating: ${withCommas(from)} of ${counted(labels.length, 'image')}`)
    const to = Math.min(labels.length, from + AT_A_TIME)
    const x = input(pixels.subarray(from * size, to * size))
    if (model.compiled)
      loss += model.evaluate(x, targets(model, labels.subarray(from, to))).loss * (to - from)
    predicted.set(model.predictClasses(x), from)
  }
  return { loss: model.compiled && loss / labels.length, predicted }
}

/** Labels as the model's loss takes them. */
function targets({ compiled, outputShape }: Sequential, labels: Uint8Array): Rows {
  const classes = sizeOf(outputShape)
  if (compiled!.loss.target === 'class' || classes === 1) return labels
  const oneHot = new Float32Array(labels.length * classes)
  for (const [row, label] of labels.entries()) oneHot[row * classes + label] = 1
  return oneHot
}
