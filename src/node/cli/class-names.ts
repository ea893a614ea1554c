import { classNames, SIDE } from '../../data/fashion-mnist.ts'
import { DataError } from '../../errors.ts'
import type { Sequential } from '../../model/sequential.ts'
import { formatShape, sameShape } from '../../tensor/shape.ts'
import { counted } from '../../text/counted.ts'
import { printable } from '../../text/printable.ts'
import { readBytes } from '../files/read-bytes.ts'
import { UsageError } from './arguments.ts'

/** The help for `--classes`. */
export const CLASSES_HELP = `  --classes NAMES  the names of the classes, with commas between them, or a file with a name
                   on each line (Fashion-MNIST's for ten classes of grey images of 28×28,
                   else numbers)
`

/** What `--classes` may be. */
export const CLASSES_VALUE = 'names with commas between them, or a file with a name on each line'

/** Whether a model tells classes apart, which is to give one row of numbers. */
export const hasClasses = ({ outputShape }: Sequential): boolean => outputShape.length === 1

/**
 * The names of a model's classes; a model with a single output tells two of them apart.
 *
 * @param file the model's, for errors
 * @param given the text behind `--classes`
 * @throws UsageError where those are more or fewer than the model's classes, one is empty, or two are the same
 * @throws DataError where a file of names cannot be read, or the model has no classes
 */
export async function classNamesOf(
  command: string,
  model: Sequential,
  file: string,
  given?: string,
): Promise<readonly string[]> {
  if (!hasClasses(model)) {
    const found = `the model gives ${formatShape(model.outputShape)} for each row`
    throw new DataError({ file }, `${found}, expected a number for each class`)
  }
  const count = Math.max(2, model.outputShape[0])
  if (given !== undefined) return namesIn(command, given, count)
  return count === classNames.length && takesFashionMnist(model)
    ? classNames
    : Array.from({ length: count }, (_, i) => `class ${i}`)
}

const takesFashionMnist = ({ inputShape }: Sequential): boolean =>
  [
    [SIDE, SIDE, 1],
    [SIDE, SIDE],
  ].some(shape => sameShape(inputShape!, shape))

async function namesIn(command: string, given: string, count: number): Promise<readonly string[]> {
  const listed = given.includes(',')
    ? given.split(',')
    : (await readBytes(given)).toString().trimEnd().split('\n')
  const names = listed.map(name => printable(name.trim()))
  const refuse = (found: string, expected: string) =>
    new UsageError(`${command}: --classes has ${found}, expected ${expected}`)
  if (names.length !== count) {
    throw refuse(counted(names.length, 'name'), `${count}, one for each class`)
  }
  if (names.includes('')) throw refuse('an empty name', 'one for each class')
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw refuse(`${twice} twice`, 'another name for each class')
  return names
}
