import { LayerNames } from '../../model/layer-names.ts'
import type { NamedLayer } from '../../model/plan/chain.ts'
import { formatShape, type Shape, sameShape, sizeOf } from '../../tensor/shape.ts'
import type { Problems } from '../problems.ts'
import { FLOAT32, type Hdf5File, type Hdf5Object } from './hdf5.ts'

/** One weight of a model. */
interface Wanted {
  readonly path: string
  readonly shape: Shape
}

/**
 * Finds a model's weights in a file, of either of Keras' layouts.
 *
 * @param shapes those of the model's weights by path, in their order
 * @param fileBytes the size of the file, which the weights cannot exceed
 * @returns the paths of the datasets, in the order of `shapes`
 * @throws ModelFileError listing all weights that are missing, not expected, or of another shape
 */
export function matchWeights(
  { objects }: Hdf5File,
  layers: readonly NamedLayer[],
  shapes: ReadonlyMap<string, Shape>,
  fileBytes: number,
  problems: Problems,
): string[] {
  const wanted = layers.map(({ name, layer }) => ({
    type: layer.type,
    weights: [...shapes]
      .filter(([path]) => path.slice(0, path.lastIndexOf('/')) === name)
      .map(([path, shape]) => ({ path, shape })),
  }))
  const legacyRoot = ['', 'model_weights'].find(root => textsOf(objects.get(root), 'layer_names') !== null)
  const found =
    legacyRoot === undefined
      ? inLayers(objects, wanted, problems)
      : inOrder(objects, legacyRoot, wanted, problems)
  problems.throwIfAny()
  const bytes = 4 * [...shapes.values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
  if (bytes > fileBytes) {
    problems.fail(
      `has ${fileBytes} bytes, expected at least the ${bytes} of the weights, which Keras does not pack`,
    )
  }
  return found
}

interface LayerWeights {
  readonly type: string
  readonly weights: readonly Wanted[]
}

type Objects = Hdf5File['objects']

/** Keras 3, and `.keras` files of 2.12 on: `layers/conv2d_1/vars/0`, layers of a class being counted, whatever their names. */
function inLayers(objects: Objects, layers: readonly LayerWeights[], problems: Problems): string[] {
  if (!objects.has('layers')) {
    problems.fail('has no weights that Keras has saved: neither a group layers nor an attribute layer_names')
  }
  const names = new LayerNames()
  const paths = layers.flatMap(({ type, weights }) => {
    const group = names.nameFor({ type })
    names.take(group)
    return weights.map((weight, i) => {
      const path = `layers/${group}/vars/${i}`
      checkDataset(path, objects.get(path), weight, problems)
      return path
    })
  })
  const expected = new Set(paths)
  for (const [path, { dataset }] of objects) {
    if (dataset && /^(layers|vars)\//.test(path) && !expected.has(path))
      problems.add(`${path} is not expected`)
  }
  return paths
}

/** Whole models as `.h5`, and Keras 2: attributes tell the order of layers, and of each one's weights. */
function inOrder(
  objects: Objects,
  root: string,
  layers: readonly LayerWeights[],
  problems: Problems,
): string[] {
  const at = (...names: readonly string[]) => [root, ...names].filter(name => name !== '').join('/')
  const groups = [...textsOf(objects.get(root), 'layer_names')!, 'top_level_model_weights']
  const stored = groups
    .map(name => ({ name, weights: textsOf(objects.get(at(name)), 'weight_names') ?? [] }))
    .filter(({ weights }) => weights.length > 0)
  const wanted = layers.filter(({ weights }) => weights.length > 0)
  return Array.from({ length: Math.max(stored.length, wanted.length) }, (_, i) => {
    const { name = '', weights: names = [] } = stored[i] ?? {}
    const weights = wanted[i]?.weights ?? []
    for (const extra of names.slice(weights.length)) problems.add(`${at(name, extra)} is not expected`)
    return weights.map((weight, j) => {
      const path = names[j] === undefined ? '' : at(name, names[j])
      checkDataset(path || 'a weight', objects.get(path), weight, problems)
      return path
    })
  }).flat()
}

function checkDataset(
  path: string,
  object: Hdf5Object | undefined,
  { path: weight, shape }: Wanted,
  problems: Problems,
): void {
  const expected = `expected float32 of ${formatShape(shape)} for ${weight}`
  const dataset = object?.dataset
  if (!dataset) problems.add(`${path} is missing, ${expected}`)
  else if (dataset.dtype !== FLOAT32 || !sameShape(dataset.shape, shape)) {
    const dtype = dataset.dtype === FLOAT32 ? 'float32' : dataset.dtype
    problems.add(`${path} is ${dtype} of ${formatShape(dataset.shape)}, ${expected}`)
  }
}

/** The texts of an attribute, which Keras cuts in pieces, `name0`, `name1`, …, where they are long; null for none. */
function textsOf(object: Hdf5Object | undefined, name: string): string[] | null {
  const pieces: unknown[] = []
  const attributes = object?.attributes
  if (attributes?.has(name)) pieces.push(attributes.get(name))
  else for (let i = 0; attributes?.has(name + i); i++) pieces.push(attributes.get(name + i))
  if (pieces.length === 0) return null
  return pieces.flat().filter(text => typeof text === 'string')
}
