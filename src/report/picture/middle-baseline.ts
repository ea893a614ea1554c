import { TEXT_SIZE } from './picture.ts'

/** The baseline of a line of text whose digits and capitals have their middle at a height. */
export function middleBaseline(middle: number, size = TEXT_SIZE): number {
  return middle + size / 3
}
