import { DataError, OptionError, ShapeError, show } from '../../errors.ts'
import type { LayerOutput } from '../../model/layer-outputs.ts'
import { wholeNumber } from '../../options.ts'
import { formatShape, sizeOf } from '../../tensor/shape.ts'
import { flat, isTensor, type Tensor } from '../../tensor/tensor.ts'
import { counted } from '../../text/counted.ts'
import type { Drawing, Place } from '../picture/drawing.ts'
import { type SignedScale, signedScale } from '../picture/signed-colours.ts'
import { threeDigits } from '../picture/three-digits.ts'
import { drawBars } from './draw-bars.ts'
import { drawMaps } from './draw-maps.ts'
import { drawVector } from './draw-vector.ts'

/** One layer, or the image, as it is drawn. */
export interface LayerDrawing {
  readonly name: string
  readonly detail: string
  readonly draw: (at: Place) => Drawing
}

/** What is to be shown of the layers' outputs. */
interface Shown {
  /** Which row. */
  readonly row: number
  /** How many maps at most. */
  readonly maps: number
  readonly classNames: readonly string[] | undefined
}

/** With more outputs, the last layer is drawn as the others are. */
const MAX_BARS = 20

/**
 * A drawing of each layer.
 * @throws OptionError, ShapeError, or DataError where an output is not finite
 */
export function layerDrawings(owner: string, outputs: readonly LayerOutput[], shown: Shown): LayerDrawing[] {
  checkOutputs(owner, outputs, shown)
  return outputs.map(({ name, type, output }, i) => {
    const values = flat(output.pick(shown.row))
    const wrong = values.find(value => !Number.isFinite(value))
    if (wrong !== undefined) {
      const place = { file: `the output of ${name}`, row: shown.row + 1 }
      throw new DataError(place, `a number is ${show(wrong)}, expected finite ones`)
    }
    const { details, draw } = drawingOf(output.pick(shown.row), values, shown, i === outputs.length - 1)
    return { name, detail: [type, ...details].join(', '), draw }
  })
}

function drawingOf(output: Tensor, values: Float32Array, { maps, classNames }: Shown, isLast: boolean) {
  const scale = signedScale(values)
  const { limit } = scale
  const [height, width, channels] = output.shape
  if (output.dimension === 3 && height * width > 1) {
    const first = channels > maps ? `, the first ${maps === 1 ? 'map' : counted(maps, 'map')}` : ''
    return {
      details: [output.shape.join(' × ') + first, range(values), ...darkest(scale)],
      draw: (at: Place) => drawMaps(output, maps, limit, at),
    }
  }
  const details = [counted(values.length, 'number'), range(values)]
  if (isLast && values.length <= MAX_BARS) {
    const names = classNames ?? Array.from(values, (_, i) => String(i))
    return { details, draw: (at: Place) => drawBars(values, names, at) }
  }
  return { details: [...details, ...darkest(scale)], draw: (at: Place) => drawVector(values, limit, at) }
}

function checkOutputs(owner: string, outputs: readonly LayerOutput[], { row, classNames }: Shown): void {
  const good = Array.isArray(outputs) && outputs.length > 0 && outputs.every(({ output }) => isTensor(output))
  if (!good) throw new OptionError(owner, 'outputs', outputs, 'what model.layerOutputs(x) gives')
  for (const { name, output } of outputs) {
    if (output.dimension < 2 || sizeOf(output.shape) === 0) {
      const shape = formatShape(output.shape)
      throw new ShapeError(
        owner,
        `the output of ${name} has the shape ${shape}, expected [rows, …], none of them 0`,
      )
    }
    wholeNumber(owner, 'row', row, { min: 0, max: output.shape[0] - 1 })
  }
  const shape = outputs[outputs.length - 1].output.shape.slice(1)
  if (classNames === undefined || classNames.length === sizeOf(shape)) return
  throw new ShapeError(
    owner,
    `there are ${classNames.length} classNames for ${sizeOf(shape)} outputs, expected one for each`,
  )
}

/** From where on colours are the same, where there is such. */
function darkest({ limit, isExceeded }: SignedScale): string[] {
  return isExceeded ? [`darkest from ±${threeDigits(limit)} on`] : []
}

function range(values: Float32Array): string {
  const least = values.reduce((a, b) => Math.min(a, b))
  const most = values.reduce((a, b) => Math.max(a, b))
  return `from ${threeDigits(least)} to ${threeDigits(most)}`
}
