import { Conv2D, Dropout, Flatten, type Layer, Sequential, UnsupportedLayerError } from 'convnet-ts'
import { expect, test } from 'vitest'
import { PReLU } from '../../examples/custom-layer.ts'
import { exportedChain } from '../../src/io/exported-chain.ts'

test('composite layers are replaced by their parts, which have the names of layerOutputs', () => {
  const layers = [new Conv2D({ filters: 2, kernelSize: 3, activation: 'relu' }), new Dropout({ rate: 0.5 })]
  const model = new Sequential(layers, { inputShape: [5, 5, 1] })
  const { links, inputShape, outputShape } = exportedChain('toOnnx', model)
  expect(links.map(({ name }) => name)).toEqual(['conv2d', 'conv2d/relu', 'dropout'])
  expect(inputShape).toEqual([5, 5, 1])
  expect(outputShape).toEqual([3, 3, 2])
})

class Doubled extends Flatten {
  override bind(): never {
    throw new Error('computes something else')
  }
}

/** A layer of the user's own that stands for layers of the library. */
const composite: Layer = Object.assign(new PReLU(), { parts: () => [new Flatten()] })

test.each([
  ['a class of its own', new PReLU(), 'p_re_lu', 'PReLU'],
  ['derived from one of the library', new Doubled(), 'flatten', 'Flatten'],
])('a layer is refused by name where it is of %s', (_, layer, name, type) => {
  const model = new Sequential([layer], { inputShape: [4, 4, 1] })
  const refused = () => exportedChain('toOnnx', model)
  expect(refused).toThrow(UnsupportedLayerError)
  expect(refused).toThrow(`toOnnx: layer ${name}: it is a ${type} of your own`)
})

test('a layer of your own is taken where its parts are of the library', () => {
  const { links } = exportedChain('toOnnx', new Sequential([composite], { inputShape: [4, 4, 1] }))
  expect(links.map(({ layer }) => layer.type)).toEqual(['Flatten'])
})
