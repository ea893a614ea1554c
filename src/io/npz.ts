import { zipSync } from 'fflate'
import { UnsupportedLayerError } from '../errors.ts'
import type { Sequential } from '../model/sequential.ts'
import { checkOptions } from '../options.ts'
import { checkExported } from './check-exported.ts'
import { exportedWeights, type NonFiniteOption } from './exported-weights.ts'
import { npy } from './npy.ts'

/** Offsets in an archive have 32 bits; a megabyte is left for the headers. */
const MAX_WEIGHT_BYTES = 2 ** 32 - 2 ** 20

/** Lengths of names in an archive have 16 bits. */
const MAX_NAME_BYTES = 2 ** 16 - 1

/**
 * Writes a model's weights as a `.npz` file, as `numpy.savez` does: an archive, not compressed, with an array of float32 for
 * each weight under the name that it has in `weightPaths`.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 *
 * @returns the file's bytes
 * @throws StateError while the input shape is unknown, or there are no layers
 * @throws NonFiniteWeightError for weights that are NaN or infinite, unless allowed
 * @throws UnsupportedLayerError for a layer whose name is longer than an archive can say
 * @throws FormatLimitError for more than 4 GiB of weights
 * @example
 * await writeFile('weights.npz', toNpz(model)) // numpy.load('weights.npz')['conv2d/kernel']
 */
export function toNpz(model: Sequential, options: NonFiniteOption = {}): Uint8Array<ArrayBuffer> {
  checkOptions('toNpz', options, ['allowNonFinite'])
  checkExported('toNpz', model, MAX_WEIGHT_BYTES)
  const weights = exportedWeights('toNpz', model, options)
  const files = Object.fromEntries([...weights].map(([path, weight]) => [fileName(path), npy(weight)]))
  // The first day that an archive can name, so that the same weights give the same bytes whenever they are written.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) })
}

/** The name of a weight's file in the archive. */
function fileName(path: string): string {
  const name = `${path}.npy`
  if (new TextEncoder().encode(name).length <= MAX_NAME_BYTES) return name
  const detail = `its name is too long, expected ${MAX_NAME_BYTES} bytes at most with that of a weight`
  throw new UnsupportedLayerError('toNpz', path.slice(0, path.indexOf('/')), detail)
}
