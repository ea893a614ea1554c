import { withCommas } from './with-commas.ts'

/**
 * A number of things in words.
 *
 * @example
 * counted(1, 'epoch') // '1 epoch'
 * counted(48_000, 'image') // '48,000 images'
 */
export function counted(n: number, one: string): string {
  return `${withCommas(n)} ${one}${n === 1 ? '' : 's'}`
}
