import type { Json } from '../../config.ts'
import { show } from '../../errors.ts'
import type { Sequential } from '../../model/sequential.ts'
import { type Shape, sizeOf } from '../../tensor/shape.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'
import { checkFinite } from '../exported-weights.ts'
import { Problems } from '../problems.ts'
import { isJsonObject, parseStrictJson } from '../strict-json.ts'
import type { Hdf5File, OpenHdf5 } from './hdf5.ts'
import { type Description, makeModel, type Unbuilt } from './make-model.ts'
import { matchWeights } from './match-weights.ts'
import { isZip, unzipEntry } from './unzip.ts'

/** Options of `loadKerasModel`. */
export interface KerasModelOptions {
  /** The shape of one row of input, for a model that was saved without one: `[28, 28, 1]`. */
  readonly inputShape?: Shape
  /**
   * Whether the model is compiled as it was. Default true. With false the model is for predicting, or to be compiled anew:
   * what matters while training alone, and is not in this library, is left out then rather than refused: regularizers,
   * constraints, frozen layers, other losses, optimisers and metrics.
   */
  readonly compile?: boolean
  /** Whether weights that are NaN or infinite are taken as they are. Default false: they are refused. */
  readonly allowNonFinite?: boolean
}

/** A config of a thousand layers has a megabyte. */
const MAX_CONFIG_BYTES = 4 << 20

/** What HDF5 adds to weights: some three kilobytes for each layer. */
const MAX_LAYOUT_BYTES = 4 << 20

/**
 * How much smaller packing may have made weights, which Keras does not pack. Numbers become hardly smaller, and what HDF5 adds to
 * the few of a tiny model ten times.
 */
const MAX_PACKING = 100

/** Reads a model from a whole-model file of Keras; see `loadKerasModel`. */
export async function readKerasModel(
  bytes: Uint8Array,
  file: string,
  openHdf5: OpenHdf5,
  { inputShape, compile = true, allowNonFinite = false }: KerasModelOptions,
): Promise<Sequential> {
  const problems: Problems = new Problems(file)
  const make = (description: Description) => makeModel(description, inputShape, compile, problems)
  if (!isZip(bytes)) {
    return withHdf5(bytes, openHdf5, problems, async hdf5 =>
      build(make(describeLegacy(hdf5, problems)), hdf5, bytes.length),
    )
  }
  const made = make(describeArchive(bytes, problems))
  const stored = unzipWeights(bytes, made.shapes.values(), problems)
  return withHdf5(stored, openHdf5, problems, async hdf5 => build(made, hdf5, stored.length))

  async function build({ model, inputShape, shapes }: Unbuilt, hdf5: Hdf5File, length: number) {
    const paths = matchWeights(hdf5, model.layers, shapes, length, problems)
    const weights = await readWeights(hdf5, paths, shapes, allowNonFinite ? null : file)
    problems.attempt(() => {
      model.build(inputShape)
      model.setWeights(weights)
    })
    return model
  }
}

/** Reads a model's weights from any file of Keras that has them; see `loadKerasWeights`. */
export async function readKerasWeights(
  model: Sequential,
  bytes: Uint8Array,
  file: string,
  openHdf5: OpenHdf5,
  allowNonFinite: boolean,
): Promise<Tensor[]> {
  const problems: Problems = new Problems(file)
  const weights = model.getWeights()
  const shapes = new Map(model.weightPaths.map((path, i) => [path, weights[i].shape]))
  const stored = isZip(bytes) ? unzipWeights(bytes, shapes.values(), problems) : bytes
  return withHdf5(stored, openHdf5, problems, async hdf5 => {
    const paths = matchWeights(hdf5, model.layers, shapes, stored.length, problems)
    return readWeights(hdf5, paths, shapes, allowNonFinite ? null : file)
  })
}

/** What a `.keras` file says of its model. */
function describeArchive(bytes: Uint8Array, problems: Problems): Description {
  const text = unzipEntry(bytes, 'config.json', MAX_CONFIG_BYTES, problems)
  const model = parse('config.json', new TextDecoder().decode(text), problems)
  return { model, compile: isJsonObject(model) ? model.compile_config : undefined }
}

/** What a `.h5` file says of its model, in attributes. */
function describeLegacy({ objects }: Hdf5File, problems: Problems): Description {
  const { attributes } = objects.get('')!
  const text = (name: string): string | null => {
    const value = attributes.get(name)
    if (typeof value === 'string') return value
    if (attributes.has(name)) problems.fail(`its ${name} is ${show(value)}, expected a text`)
    return null
  }
  const [model, training] = [text('model_config'), text('training_config')]
  if (model === null) {
    problems.fail('has weights and no model: make the model, and load them by loadKerasWeights(model, file)')
  }
  return {
    model: parse('model_config', model, problems),
    compile: training === null ? undefined : parse('training_config', training, problems),
  }
}

function parse(what: string, text: string, problems: Problems): Json {
  try {
    return parseStrictJson(text)
  } catch (cause) {
    problems.fail(`its ${what} is no JSON text (${(cause as Error).message})`, { cause })
  }
}

/**
 * The weights of a `.keras` file: with an optimiser's arrays, of which Keras has up to four. However large a model the config
 * tells of, what comes out is bounded by the archive too.
 */
function unzipWeights(bytes: Uint8Array, shapes: Iterable<Shape>, problems: Problems): Uint8Array {
  const numbers = [...shapes].reduce((sum, shape) => sum + sizeOf(shape), 0)
  const limit = Math.min(5 * 4 * numbers + MAX_LAYOUT_BYTES, MAX_PACKING * bytes.length)
  return unzipEntry(bytes, 'model.weights.h5', limit, problems)
}

async function withHdf5<T>(
  bytes: Uint8Array,
  openHdf5: OpenHdf5,
  problems: Problems,
  use: (hdf5: Hdf5File) => Promise<T>,
): Promise<T> {
  const hdf5 = await openHdf5(bytes, problems)
  try {
    return await use(hdf5)
  } finally {
    hdf5.close()
  }
}

/** @param file where weights must be finite, for the error; null where they need not */
async function readWeights(
  hdf5: Hdf5File,
  paths: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
  file: string | null,
): Promise<Tensor[]> {
  const arrays = await hdf5.read(paths)
  if (file !== null) {
    checkFinite(
      file,
      [...shapes.keys()].map((path, i) => [path, arrays[i]]),
    )
  }
  return [...shapes.values()].map((shape, i) => tensor(arrays[i], shape))
}
