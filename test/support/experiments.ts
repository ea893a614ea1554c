import { Conv2D, Dense, Dropout, Flatten, type Layer, MaxPool2D } from 'convnet-ts'

/** The notebook's three models, without the rescaling of pixels. */
export function experimentLayers(experiment: 1 | 2 | 3): Layer[] {
  const filters = experiment === 1 ? 32 : 64
  return [
    new Conv2D({ filters, kernelSize: 3, activation: 'relu' }),
    new MaxPool2D({ poolSize: 2 }),
    ...(experiment === 3 ? [new Dropout({ rate: 0.17 })] : []),
    new Flatten(),
    new Dense({ units: filters, activation: 'relu' }),
    new Dense({ units: 10, activation: 'sigmoid' }),
  ]
}
