import { DataError, OptionError, ShapeError, show } from '../../errors.ts'
import type { ClassIndices } from '../../metrics/class-indices.ts'

/**
 * Checks names of classes.
 * @throws OptionError
 */
export function checkClassNames(owner: string, classNames: readonly string[] | undefined): void {
  if (classNames === undefined) return
  const good = Array.isArray(classNames) && classNames.length > 0 && classNames.every(isString)
  if (!good) throw new OptionError(owner, 'classNames', classNames, 'a list with a name for each class')
}

/**
 * Checks that there is a class for each image, one that has a name.
 *
 * @param option what the caller calls the classes: `yTrue`
 * @param count how many images there are
 * @throws OptionError, ShapeError, or DataError naming the first value that is no class, counted from 1
 */
export function checkClasses(
  owner: string,
  option: string,
  classes: ClassIndices | undefined,
  count: number,
  classNames: readonly string[] | undefined,
): void {
  if (classes === undefined) return
  if (typeof classes?.length !== 'number' || typeof classes === 'string') {
    throw new OptionError(owner, option, classes, 'an array of class indices')
  }
  if (classes.length !== count) {
    throw new ShapeError(
      owner,
      `${option} has the length ${classes.length}, expected ${count}, one class for each image`,
    )
  }
  const last = classNames ? classNames.length - 1 : Number.MAX_SAFE_INTEGER
  for (let i = 0; i < count; i++) {
    if (Number.isSafeInteger(classes[i]) && classes[i] >= 0 && classes[i] <= last) continue
    const expected = classNames ? `from 0 to ${last}` : 'of at least 0'
    throw new DataError(
      { file: option, row: i + 1 },
      `the class is ${show(classes[i])}, expected a whole number ${expected}`,
    )
  }
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}
