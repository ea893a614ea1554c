import { zipSync } from 'fflate'
import type { Sequential } from '../model/sequential.ts'
import { checkOptions } from '../options.ts'
import { exportedWeights, type NonFiniteOption } from './exported-weights.ts'
import { npy } from './npy.ts'

/**
 * Writes a model's weights as a `.npz` file, as `numpy.savez` does: an archive, not compressed, with an array of float32 for
 * each weight under the name that it has in `weightPaths`.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 *
 * @returns the file's bytes
 * @throws StateError while the input shape is unknown
 * @throws NonFiniteWeightError for weights that are NaN or infinite, unless allowed
 * @example
 * await writeFile('weights.npz', toNpz(model)) // numpy.load('weights.npz')['conv2d/kernel']
 */
export function toNpz(model: Sequential, options: NonFiniteOption = {}): Uint8Array {
  checkOptions('toNpz', options, ['allowNonFinite'])
  const weights = exportedWeights('toNpz', model, options)
  const files = Object.fromEntries([...weights].map(([path, weight]) => [`${path}.npy`, npy(weight)]))
  // The first day that an archive can name, so that the same weights give the same bytes whenever they are written.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) })
}
