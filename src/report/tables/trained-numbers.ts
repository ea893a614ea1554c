import { isOfValidation } from '../../model/logs.ts'
import type { Curves } from '../curves.ts'

/** The names of the numbers that training has: loss, metrics, and what callbacks added, but for the learning rate. */
export function trainedNumbers(curves: Curves): string[] {
  return Object.keys(curves).filter(name => !isOfValidation(name) && name !== 'learningRate')
}
