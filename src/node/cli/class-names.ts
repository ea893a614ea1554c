import { classNames, SIDE } from '../../data/fashion-mnist.ts'
import type { Sequential } from '../../model/sequential.ts'
import { sameShape, sizeOf } from '../../tensor/shape.ts'
import { printable } from '../../text/printable.ts'
import { readBytes } from '../read-bytes.ts'
import { UsageError } from './arguments.ts'

/** The help for `--classes`. */
export const CLASSES_HELP = `  --classes NAMES  the names of the classes, with commas between them, or a file with a name
                   on each line (Fashion-MNIST's for ten classes of images of 28×28×1,
                   else numbers)
`

/** What `--classes` may be. */
export const CLASSES_VALUE = 'names with commas between them, or a file with a name on each line'

/**
 * The names of a model's classes; a model with a single output tells two of them apart.
 *
 * @param given the text behind `--classes`
 * @throws UsageError where those are more or fewer than the model's classes
 * @throws DataError where a file of names cannot be read
 */
export async function classNamesOf(
  command: string,
  model: Sequential,
  given?: string,
): Promise<readonly string[]> {
  const count = Math.max(2, sizeOf(model.outputShape))
  if (given === undefined) {
    const isFashionMnist = count === classNames.length && sameShape(model.inputShape!, [SIDE, SIDE, 1])
    return isFashionMnist ? classNames : Array.from({ length: count }, (_, i) => `class ${i}`)
  }
  const names = given.includes(',')
    ? given.split(',')
    : (await readBytes(given)).toString().trimEnd().split('\n')
  if (names.length !== count) {
    throw new UsageError(
      `${command}: --classes has ${names.length} names, expected ${count}, one for each class`,
    )
  }
  return names.map(name => printable(name.trim()))
}
