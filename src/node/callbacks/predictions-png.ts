import { OptionError } from '../../errors.ts'
import type { Sequential } from '../../model/sequential.ts'
import { imageGrid } from '../../report/image-grid.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { svgToPng } from '../pictures/svg-to-png.ts'
import type { ShownImages } from './tensor-board.ts'

/**
 * Images with what a model takes them for, as a PNG.
 *
 * @throws OptionError where there are fewer names than classes that the model can take an image for
 * @throws as `imageGrid`, `svgToPng`, and `model.predict` where the images do not fit
 */
export async function predictionsPng(images: ShownImages, model: Sequential): Promise<Uint8Array> {
  const { x, y, count, classNames } = images
  const classes = Math.max(2, sizeOf(model.outputShape)) // A single output tells two of them apart.
  if (classNames && classNames.length < classes) {
    const expected = `a name for each of the ${classes} classes of the model`
    throw new OptionError('TensorBoard: images', 'classNames', classNames, expected)
  }
  const shown = x.shape[0] > count ? x.hi(count) : x
  const yTrue = y && Array.from(y).slice(0, shown.shape[0])
  return svgToPng(imageGrid(shown, { yTrue, yPred: model.predictClasses(shown), classNames, count }))
}
