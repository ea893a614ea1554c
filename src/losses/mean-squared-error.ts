import type { Loss } from './loss.ts'

/**
 * The mean over the J elements of a row of (p − t)², in the square of the target's unit.
 *
 *     loss = 1/J · Σⱼ (p[j] − t[j])²      ∂loss/∂p[j] = 2·(p[j] − t[j]) / J
 *
 * Source: Keras, `mean_squared_error`.
 *
 * @example
 * model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' })
 */
export function meanSquaredError(): Loss {
  return { name: 'meanSquaredError', config: {}, target: 'values', row }
}

const row: Loss['row'] = ({ round }, size, row, output, target, dOutput, scale) => {
  const share = round((2 * scale) / size)
  let sum = 0
  for (let i = row * size; i < (row + 1) * size; i++) {
    const error = round(output[i] - target[i])
    sum = round(sum + round(error * error))
    if (dOutput) dOutput[i] = round(share * error)
  }
  return round(sum / size)
}
