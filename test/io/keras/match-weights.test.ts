import { describe, expect, test } from 'vitest'
import { ModelFileError } from '../../../src/errors.ts'
import type { Hdf5File } from '../../../src/io/keras/hdf5.ts'
import { matchWeights } from '../../../src/io/keras/match-weights.ts'
import { Problems } from '../../../src/io/problems.ts'
import { Activation } from '../../../src/layers/activation.ts'
import { Conv2D } from '../../../src/layers/conv2d.ts'
import { Dense } from '../../../src/layers/dense.ts'
import { Flatten } from '../../../src/layers/flatten.ts'
import { Sequential } from '../../../src/model/sequential.ts'
import { fakeHdf5 } from '../../support/keras-models.ts'

const model = new Sequential(
  [
    new Conv2D({ filters: 2, kernelSize: 3, name: 'see' }),
    new Activation({ activation: 'relu' }),
    new Flatten(),
    new Dense({ units: 5, name: 'think' }),
    new Dense({ units: 3, useBias: false, name: 'say' }),
  ],
  { inputShape: [4, 4, 1] },
)
const shapes = new Map(model.getWeights().map(({ shape }, i) => [model.weightPaths[i], shape]))

const match = (file: Hdf5File, bytes = 1e6) =>
  matchWeights(file, model.layers, shapes, bytes, new Problems('a.h5'))

function problemsOf(file: Hdf5File): readonly string[] {
  try {
    match(file)
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    return (error as ModelFileError).problems
  }
  throw new Error('nothing was refused')
}

const vars = {
  'layers/conv2d/vars/0': [3, 3, 1, 2],
  'layers/conv2d/vars/1': [2],
  'layers/dense/vars/0': [8, 5],
  'layers/dense/vars/1': [5],
  'layers/dense_1/vars/0': [5, 3],
}

describe('matchWeights by layers', () => {
  test('counts the layers of each class, and passes over the optimiser', () => {
    const found = match(fakeHdf5({ ...vars, 'optimizer/vars/0': [], 'metrics/mean/vars/0': [] }))
    expect(found).toEqual(Object.keys(vars))
  })

  test('lists all weights that are missing, of another shape, or too many', () => {
    const { 'layers/dense/vars/1': _, ...others } = vars
    const file = fakeHdf5({
      ...others,
      'layers/dense/vars/0': [5, 8],
      'layers/dense_1/vars/1': [3],
      'layers/dense_2/vars/0': [3, 3],
      'vars/0': [1],
    })
    expect(problemsOf(file)).toEqual([
      'layers/dense/vars/0 is float32 of (5, 8), expected float32 of (8, 5) for think/kernel',
      'layers/dense/vars/1 is missing, expected float32 of (5,) for think/bias',
      'layers/dense_1/vars/1 is not expected',
      'layers/dense_2/vars/0 is not expected',
      'vars/0 is not expected',
    ])
  })

  test('refuses numbers of another type', () => {
    const file = fakeHdf5(vars)
    const half = { attributes: new Map(), dataset: { shape: [2], dtype: '<f2' } }
    const objects = new Map([...file.objects, ['layers/conv2d/vars/1', half]])
    expect(problemsOf({ ...file, objects })).toEqual([
      'layers/conv2d/vars/1 is <f2 of (2,), expected float32 of (2,) for see/bias',
    ])
  })

  test('refuses weights that are larger than their file', () => {
    expect(match(fakeHdf5(vars), 4 * 80)).toHaveLength(5)
    expect(() => match(fakeHdf5(vars), 4 * 80 - 1)).toThrow(
      'a.h5: has 319 bytes, expected at least the 320 of the weights, which Keras does not pack',
    )
  })

  test('refuses a file of something else', () => {
    expect(() => match(fakeHdf5({ 'data/x': [3] }))).toThrow('has no weights that Keras has saved')
  })
})

/** A file that tells the order of layers, and of each one's weights. */
function ordered(
  root: string,
  layers: { readonly [layer: string]: { readonly [weight: string]: number[] } },
) {
  const at = (...names: string[]) => [root, ...names].filter(name => name !== '').join('/')
  const datasets = Object.entries(layers).flatMap(([layer, weights]) =>
    Object.entries(weights).map(([weight, shape]) => [at(layer, weight), shape] as const),
  )
  const groups = Object.entries(layers).map(
    ([layer, weights]) => [at(layer), { weight_names: Object.keys(weights) }] as const,
  )
  return fakeHdf5(Object.fromEntries(datasets), {
    ...Object.fromEntries(groups),
    [root]: { layer_names: Object.keys(layers) },
  })
}

const layers = {
  c: { 'c/kernel:0': [3, 3, 1, 2], 'c/bias:0': [2] },
  f: {},
  d1: { 'd1/kernel:0': [8, 5], 'd1/bias:0': [5] },
  d2: { 'd2/kernel:0': [5, 3] },
}

describe('matchWeights by order', () => {
  test.each(['', 'model_weights'])('follows the names in %j, whatever they are', root => {
    const found = match(ordered(root, layers))
    const names = ['c/c/kernel:0', 'c/c/bias:0', 'd1/d1/kernel:0', 'd1/d1/bias:0', 'd2/d2/kernel:0']
    expect(found).toEqual(root === '' ? names : names.map(name => `${root}/${name}`))
  })

  test('puts long lists of names together', () => {
    const file = ordered('', layers)
    const root = {
      attributes: new Map([
        ['layer_names0', ['c', 'f']],
        ['layer_names1', ['d1', 'd2']],
      ]),
      dataset: null,
    }
    expect(match({ ...file, objects: new Map([...file.objects, ['', root]]) })).toHaveLength(5)
  })

  test('lists all differences', () => {
    const file = ordered('', {
      c: { 'c/kernel:0': [3, 3, 1, 4], 'c/bias:0': [2], 'c/more:0': [2] },
      d1: { 'd1/kernel:0': [8, 5] },
      d2: { 'd2/kernel:0': [5, 3] },
      d3: { 'd3/kernel:0': [3, 3] },
    })
    expect(problemsOf(file)).toEqual([
      'c/c/more:0 is not expected',
      'c/c/kernel:0 is float32 of (3, 3, 1, 4), expected float32 of (3, 3, 1, 2) for see/kernel',
      'a weight is missing, expected float32 of (5,) for think/bias',
      'd3/d3/kernel:0 is not expected',
    ])
  })

  test('lists what is missing where the file has fewer layers, or names what it does not have', () => {
    const file = ordered('', { c: layers.c, d1: layers.d1 })
    file.objects.get('d1')!.attributes.get('weight_names')
    expect(problemsOf(file)).toEqual(['a weight is missing, expected float32 of (5, 3) for say/kernel'])
    const objects = new Map([...ordered('', layers).objects].filter(([path]) => path !== 'd2/d2/kernel:0'))
    expect(problemsOf({ ...file, objects })).toEqual([
      'd2/d2/kernel:0 is missing, expected float32 of (5, 3) for say/kernel',
    ])
  })
})
