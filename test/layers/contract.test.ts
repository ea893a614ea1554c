import { PReLU } from '../../examples/custom-layer.ts'
import { Activation } from '../../src/layers/activation.ts'
import { Conv2D } from '../../src/layers/conv2d.ts'
import { Dense } from '../../src/layers/dense.ts'
import { Dropout } from '../../src/layers/dropout.ts'
import { Flatten } from '../../src/layers/flatten.ts'
import { MaxPool2D } from '../../src/layers/max-pool2d.ts'
import { Rescaling } from '../../src/layers/rescaling.ts'
import { layerContract } from '../support/layer-contract.ts'

const image = [5, 6, 3]
const otherImage = [4, 4, 1]

layerContract([
  ['Conv2D', new Conv2D({ filters: 4, kernelSize: 3, activation: 'relu' }), image, otherImage],
  [
    'Conv2D with all options',
    new Conv2D({
      filters: 2,
      kernelSize: [2, 3],
      strides: [2, 1],
      padding: 'same',
      activation: 'sigmoid',
      useBias: false,
      kernelInitializer: 'heNormal',
    }),
    image,
    otherImage,
  ],
  ['MaxPool2D', new MaxPool2D(), image, otherImage],
  [
    'MaxPool2D with overlapping windows',
    new MaxPool2D({ poolSize: [3, 2], strides: [1, 2], padding: 'same' }),
    image,
    otherImage,
  ],
  ['MaxPool2D with more places than a byte holds', new MaxPool2D({ poolSize: 17 }), [17, 18, 2], [34, 17, 1]],
  ['Dense', new Dense({ units: 4, activation: 'softmax' }), [7], [1]],
  ['Dense without bias', new Dense({ units: 3, useBias: false, kernelInitializer: 'ones' }), [5], [2]],
  ['Flatten', new Flatten(), image, [3]],
  ['Dropout', new Dropout({ rate: 0.4 }), image, [9]],
  ['Dropout with a seed', new Dropout({ rate: 0.4, seed: 3 }), image, [9]],
  ['Dropout at rate 0', new Dropout({ rate: 0 }), image, [9]],
  ['Rescaling', new Rescaling({ scale: 1 / 255, offset: -0.5 }), image, [9]],
  ['Activation relu', new Activation({ activation: 'relu' }), image, [9]],
  ['Activation sigmoid', new Activation({ activation: 'sigmoid' }), image, [9]],
  ['Activation softmax', new Activation({ activation: 'softmax' }), image, [9]],
  ['Activation linear', new Activation({ activation: 'linear' }), image, [9]],
  ['a layer of a user', new PReLU(), image, [9]],
])
