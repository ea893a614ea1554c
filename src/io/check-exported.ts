import { FormatLimitError, OptionError, StateError } from '../errors.ts'
import type { Sequential } from '../model/sequential.ts'

/**
 * Checks, before anything is copied, that a model can be written: it has layers, knows its input shape, and has
 * no more weights than the format has room for.
 *
 * @param owner who writes it, for the error
 * @param maxBytes of weights
 * @throws OptionError for what is no model
 * @throws StateError while there are no layers, or the input shape is unknown
 * @throws FormatLimitError
 */
export function checkExported(owner: string, model: Sequential, maxBytes: number): void {
  if (typeof model?.getWeights !== 'function') throw new OptionError(owner, 'model', model, 'a Sequential')
  if (model.layers.length === 0) throw new StateError(`${owner}: the model has no layers: add some`)
  if (!model.inputShape) {
    throw new StateError(
      `${owner}: the model does not know its input shape; give it inputShape, or call build or fit first`,
    )
  }
  const bytes = Float32Array.BYTES_PER_ELEMENT * model.countParams()
  if (bytes > maxBytes) throw new FormatLimitError(owner, bytes, maxBytes)
}
