import type { Json } from '../../config.ts'
import type { Layer } from '../../layers/layer.ts'
import { checkShape } from '../../model/options.ts'
import { chain } from '../../model/plan/chain.ts'
import { placeParameters } from '../../model/plan/parameters.ts'
import { Sequential } from '../../model/sequential.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.ts'
import type { Problems } from '../problems.ts'
import { isJsonObject } from '../strict-json.ts'
import { readCompileConfig } from './compile-config.ts'
import { describeLayer, type LayerDescription, makeLayer } from './layers.ts'
import { showJson } from './options.ts'

/** More than any model of these layers has; a file that was made to be wrong could name millions. */
const MAX_LAYERS = 1000

/** What a file says of a model beside its weights. */
export interface Description {
  /** The model's class and config. */
  readonly model: Json
  /** Undefined or `{}` where the model was not compiled. */
  readonly compile: Json | undefined
}

/** A model that has no weights yet. */
export interface Unbuilt {
  readonly model: Sequential
  readonly inputShape: Shape
  /** The shapes of its weights by path, in their order. */
  readonly shapes: ReadonlyMap<string, Shape>
}

/**
 * Makes the model that a config describes, compiled as it was, without weights.
 *
 * @param inputShape the shape of one row, for a file that does not tell it
 * @param compiles whether the model is compiled, and whatever matters while training must be as in Keras
 * @throws ModelFileError listing all that the library lacks
 */
export function makeModel(
  { model: json, compile }: Description,
  inputShape: Shape | undefined,
  compiles: boolean,
  problems: Problems,
): Unbuilt {
  if (!isJsonObject(json) || json.class_name !== 'Sequential') {
    problems.fail(
      `has a model of class ${showJson(isJsonObject(json) ? json.class_name : json)}, expected Sequential`,
    )
  }
  const { config } = json
  // Up to Keras 2.2 the config was the list of layers.
  const list = isJsonObject(config) ? config.layers : config
  if (!Array.isArray(list)) problems.fail(`has layers that are ${showJson(list)}, expected a list`)
  if (list.length > MAX_LAYERS) problems.fail(`has ${list.length} layers, expected at most ${MAX_LAYERS}`)
  const described = list.map((layer, i) => describeLayer(layer, i, problems, compiles))
  const shape = readInputShape(json, described[0], inputShape, problems)
  const [first, ...others] = described
  const input = first?.className === 'InputLayer' ? first.options : null
  input?.only('sparse', false)
  input?.only('ragged', false)
  const layers = (input ? others : described)
    .map(layer => layer && makeLayer(layer))
    .filter((layer): layer is Layer => layer !== null)
  problems.throwIfAny()
  if (layers.length === 0) problems.fail('has a model without layers, expected some')

  const name = isJsonObject(config) && typeof config.name === 'string' ? config.name : undefined
  const model = problems.attempt(() => new Sequential(layers, name === undefined ? {} : { name }))
  const links = problems.attempt(() => chain(model.layers, checkShape('the model', shape)))
  if (compiles && isCompiled(compile)) {
    const compiled = readCompileConfig(compile, sizeOf(links.at(-1)!.outputShape), problems)
    problems.throwIfAny()
    if (compiled) problems.attempt(() => model.compile(compiled))
  }
  const { placed } = placeParameters(links)
  return { model, inputShape: shape, shapes: new Map(placed.map(({ path, shape }) => [path, shape])) }
}

const isCompiled = (compile: Json | undefined): compile is Json =>
  isJsonObject(compile) ? Object.keys(compile).length > 0 : (compile ?? null) !== null

/** The shape of one row of input: of the first of the places where Keras' versions have it, or as it is given. */
function readInputShape(
  model: { readonly [key: string]: Json },
  first: LayerDescription | null,
  given: Shape | undefined,
  problems: Problems,
): Shape {
  const { config, build_config: built } = model
  const places = [
    first?.options.get('batch_shape'),
    first?.options.get('batch_input_shape'),
    isJsonObject(config) ? config.build_input_shape : undefined,
    isJsonObject(built) ? built.input_shape : undefined,
  ]
  const batch = places.find(place => place !== undefined && place !== null)
  if (batch === undefined) {
    if (!given) problems.add('does not tell the shape of its input: give inputShape, that of one row')
    return given ?? []
  }
  const row = Array.isArray(batch) ? batch.slice(1) : []
  const isShape = row.length > 0 && row.every(length => length === null || Number.isSafeInteger(length))
  if (!isShape) {
    problems.add(`has an input of shape ${showJson(batch)}, expected a list such as [null,28,28,1]`)
    return given ?? []
  }
  const told = row as readonly (number | null)[]
  const agrees =
    given && given.length === told.length && told.every((length, i) => length === null || length === given[i])
  if (given ? agrees : !told.includes(null)) return given ?? (told as Shape)
  const found = formatShape(told.map(length => length ?? '?'))
  problems.add(
    given
      ? `has a model for rows of ${found}, expected ${formatShape(given)}`
      : `has a model for rows of ${found}, which leaves a length open: give inputShape`,
  )
  return given ?? []
}
