import { photoToInput } from '../../data/photo.ts'
import { ConvnetError, DataError } from '../../errors.ts'
import type { Sequential } from '../../model/sequential.ts'
import { drawImage } from '../../report/terminal/draw-image.ts'
import { formatShape, type Shape } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { fixed } from '../../text/fixed.ts'
import { printable } from '../../text/printable.ts'
import { progressLines } from '../../text/progress-line.ts'
import { padEnd, visibleWidth } from '../../text/width.ts'
import { decodeImage, readImage } from '../pictures/read-image.ts'
import { readArguments, UsageError } from './arguments.ts'
import { CLASSES_HELP, CLASSES_VALUE, classNamesOf } from './class-names.ts'
import { type ClassShare, classShares } from './class-shares.ts'
import { modelInput, WHITE_HELP, WHITE_VALUE } from './model-input.ts'
import { openModel } from './open-model.ts'
import { StatusLine } from './status-line.ts'
import type { Command, Streams } from './streams.ts'
import { tell } from './tell.ts'

/** Classes that are printed of each image. */
const TOP = 3

const LONGEST_BAR = 30

/** What standard input may bring. */
const MAX_BYTES = 256e6

const help = `Says what photos show, as a model sees it: the three classes that it is surest of.

  convnet-ts predict MODEL IMAGE...

MODEL is a file that model.save has written (.safetensors), or one of Keras (.keras, .h5).
IMAGE is a PNG or JPEG file of any size and colour; - reads one from standard input.

For a model of grey images, a photo is made what Fashion-MNIST's are: edges in the colour of
the background are trimmed, the rest is resized, sharpened, made grey and put into the middle,
and a light background becomes black, dark things on it bright. For a model of coloured
images, it is resized and put into the middle.

${CLASSES_HELP}  --json           prints a line of JSON for each image, with all classes, the surest first
  --show           draws what the model is given, too
${WHITE_HELP}  --help           this text

An image that cannot be read does not keep the others from being looked at; the exit code
is 1 then.
`

const known = { classes: CLASSES_VALUE, json: null, show: null, white: WHITE_VALUE }

export const command: Command = { help, run }

async function run(args: readonly string[], streams: Streams): Promise<boolean> {
  const { options, operands } = readArguments('predict', known, args)
  const [file, ...images] = operands
  if (images.length === 0) throw new UsageError('predict: IMAGE is missing, expected MODEL IMAGE...')
  if (images.indexOf('-') !== images.lastIndexOf('-')) {
    throw new UsageError('predict: - is there twice, expected once: standard input has one image')
  }
  if (options.json !== undefined && options.show !== undefined) {
    throw new UsageError('predict: --json and --show are both there, expected one: a drawing is no JSON')
  }
  const model = await openModel(file, { compile: false })
  const shape = imageShape(model, file)
  const names = await classNamesOf('predict', model, file, options.classes)
  const input = modelInput('predict', model, options.white)
  const print = options.json === undefined ? printBars : printJson

  const status = new StatusLine(streams.errors)
  let isWhole = true
  for (const [i, image] of images.entries()) {
    const path = image === '-' ? 'standard input' : image
    status.show(`${path} (${i + 1} of ${images.length})`)
    try {
      const pixels = photoToInput(await readPhoto(image, path, streams), shape)
      const shares = classShares(finite(model.predict(input(pixels.data)).data, path))
      status.clear()
      if (isEmpty(pixels))
        tell(new DataError({ file: path }, 'nothing stands out from the background'), streams)
      if (options.show !== undefined) streams.output.write(`${drawImage(pixels)}\n`)
      print(path, shares, names, streams)
    } catch (error) {
      if (!(error instanceof ConvnetError)) throw error
      status.clear()
      tell(error, streams)
      isWhole = false
    }
  }
  return isWhole
}

/** The images that a model takes, with an axis for their channels, which grey ones may lack. */
function imageShape({ inputShape }: Sequential, file: string): Shape {
  const shape = inputShape!.length === 2 ? [...inputShape!, 1] : inputShape!
  if (shape.length === 3 && (shape[2] === 1 || shape[2] === 3)) return shape
  const expected = 'expected images of one channel or three'
  throw new DataError({ file }, `the model takes rows of ${formatShape(inputShape!)}, ${expected}`)
}

async function readPhoto(image: string, path: string, { input }: Streams): Promise<Tensor<Uint8Array>> {
  if (image !== '-') return readImage(image)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MAX_BYTES) throw new DataError({ file: path }, `has more than ${MAX_BYTES} bytes`)
  }
  return decodeImage(Buffer.concat(chunks), path)
}

/** @throws DataError where a model gives no such numbers, as for --white 1e30 */
function finite(output: Float32Array, path: string): Float32Array {
  if (output.every(Number.isFinite)) return output
  throw new DataError({ file: path }, 'the model gives NaN or infinity for it')
}

function isEmpty({ data }: Tensor<Uint8Array>): boolean {
  return data.every(value => value === data[0])
}

function printBars(
  path: string,
  shares: readonly ClassShare[],
  names: readonly string[],
  { output }: Streams,
) {
  const top = shares.slice(0, TOP)
  const width = Math.max(...top.map(each => visibleWidth(names[each.class])))
  const lines = top.map(({ class: index, share }) => {
    const percent = `${fixed(100 * share, 1)} %`.padStart(7)
    const head = `  ${padEnd(names[index], width)} ${percent}`
    return progressLines({ head, fraction: share, tail: [], longestBar: LONGEST_BAR }, output)
  })
  output.write(`${[printable(path), ...lines].join('\n')}\n`)
}

function printJson(
  path: string,
  shares: readonly ClassShare[],
  names: readonly string[],
  { output }: Streams,
) {
  const classes = shares.map(each => ({ ...each, name: names[each.class] }))
  output.write(`${JSON.stringify({ image: path, classes })}\n`)
}
