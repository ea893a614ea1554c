import { isOfValidation } from '../../model/logs.ts'

/**
 * The name of a number of the history in words.
 *
 * @example
 * words('valAccuracy') // 'validation accuracy'
 */
export function words(name: string): string {
  const whole = isOfValidation(name) ? name.replace('val', 'validation') : name
  return whole.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).trim()
}

/**
 * Words as a title has them.
 *
 * @example
 * capitalised('validation accuracy') // 'Validation accuracy'
 */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
