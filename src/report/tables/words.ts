/**
 * The name of a number of the history in words.
 *
 * @example
 * words('valAccuracy') // 'validation accuracy'
 */
export function words(name: string): string {
  return name
    .replace(/^val(?=[A-Z])/, 'validation')
    .replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    .trim()
}
