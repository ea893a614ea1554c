import { extname } from 'node:path'
import { OptionError } from '../../errors.ts'
import { filePath } from '../../options.ts'
import { replaceFile } from '../files/replace-file.ts'
import { svgToPng } from './svg-to-png.ts'

/**
 * Writes a picture to a file: as SVG, or as the PNG that `svgToPng` makes of it, by the ending of the file's name. There
 * is never half a file: what was there stays until the new one is whole.
 * In a PNG, letters that `svgToPng` has no font for (Arabic, Chinese, emoji) come out as empty boxes; an SVG shows them.
 *
 * @param svg what one of the functions that draw pictures gave
 * @throws OptionError for another ending than `.svg` and `.png`, and for what is no SVG; ConvnetError where a package for PNGs is missing
 * @throws DataError naming the file where it cannot be written: there is no such folder, no permission, no space
 * @example
 * await writePicture('run/predictions.png', imageGrid(images, { yTrue, yPred, classNames }))
 */
export async function writePicture(file: string, svg: string): Promise<void> {
  const ending = extname(filePath('writePicture', 'file', file)).toLowerCase()
  if (ending !== '.svg' && ending !== '.png') {
    throw new OptionError('writePicture', 'file', file, 'a name that ends in .svg or .png')
  }
  if (ending === '.svg' && (typeof svg !== 'string' || !svg.includes('<svg'))) {
    throw new OptionError('writePicture', 'svg', svg, 'an SVG document')
  }
  await replaceFile(file, ending === '.svg' ? svg : await svgToPng(svg))
}
