import { OptionError } from '../../errors.ts'
import type { KerasModelOptions } from '../../io/keras/read-model.ts'
import { checkShape } from '../../model/options.ts'
import type { Sequential } from '../../model/sequential.ts'
import { checkOptions, flag } from '../../options.ts'
import { readBytes } from '../files/read-bytes.ts'

export type { KerasModelOptions }

/**
 * Loads a model that Keras has saved, `.keras` or `.h5`, of Keras 2 or 3: a Sequential of the layers that this library has, with
 * their names, weights and options, compiled as it was. It predicts what it does in Keras, to within 1e-5. The optimiser starts
 * afresh.
 *
 * An option that the library lacks is an error, and all such are listed: nothing of a model is left out silently.
 *
 * It takes the package `jsfive`, which is optional and loaded when this is first called.
 *
 * Source: https://keras.io/guides/serialization_and_saving/
 *
 * @param source a path, or the bytes of a file
 * @throws ModelFileError for what is no such file, what the library lacks, and weights that are missing, not expected, or of
 * another shape: before any is read
 * @throws NonFiniteWeightError for a weight that is NaN or infinite, unless `allowNonFinite` is true
 * @throws ConvnetError where the package is not installed
 * @throws OptionError for a bad option, DataError where the file cannot be read
 * @example
 * const model = await loadKerasModel('stylist.keras')
 * const classes = model.predictClasses(images)
 */
export async function loadKerasModel(
  source: string | Uint8Array,
  options: KerasModelOptions = {},
): Promise<Sequential> {
  const owner = 'loadKerasModel'
  checkOptions(owner, options, ['inputShape', 'compile', 'allowNonFinite'])
  const { inputShape, compile = true, allowNonFinite = false } = options
  if (inputShape !== undefined) checkShape(owner, inputShape)
  flag(owner, 'compile', compile)
  flag(owner, 'allowNonFinite', allowNonFinite)
  const { bytes, file } = await read(owner, source)
  const { readKerasModel, openHdf5 } = await reader()
  return readKerasModel(bytes, file, openHdf5, options)
}

/** Options of {@link loadKerasWeights}. */
export type KerasWeightsOptions = Pick<KerasModelOptions, 'allowNonFinite'>

/**
 * Gives a model the weights of a file that Keras has saved: `.weights.h5`, or a whole model. As in Keras, layers are matched
 * by their order and kinds, not by their names, and the model keeps its own.
 *
 * @param model knows its input shape; it is changed when all has been checked
 * @param source a path, or the bytes of a file
 * @throws StateError while the model does not know its input shape
 * @throws as {@link loadKerasModel}
 * @example
 * await loadKerasWeights(model, 'stylist.weights.h5')
 */
export async function loadKerasWeights(
  model: Sequential,
  source: string | Uint8Array,
  options: KerasWeightsOptions = {},
): Promise<void> {
  const owner = 'loadKerasWeights'
  checkOptions(owner, options, ['allowNonFinite'])
  const allowNonFinite = flag(owner, 'allowNonFinite', options.allowNonFinite ?? false)
  const { bytes, file } = await read(owner, source)
  const { readKerasWeights, openHdf5 } = await reader()
  model.setWeights(await readKerasWeights(model, bytes, file, openHdf5, allowNonFinite))
}

async function read(
  owner: string,
  source: string | Uint8Array,
): Promise<{ bytes: Uint8Array; file: string }> {
  if (typeof source === 'string') return { bytes: await readBytes(source), file: source }
  if (source instanceof Uint8Array) return { bytes: source, file: owner }
  throw new OptionError(owner, 'source', source, 'a path, or the bytes of a file as a Uint8Array')
}

/** What reads files of Keras, which most programs do not need. */
const reader = async () => ({
  ...(await import('../../io/keras/read-model.ts')),
  ...(await import('./open-hdf5.ts')),
})
