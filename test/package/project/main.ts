import { Sequential, type Tensor, tensor } from 'convnet-ts'
import { gradCheck } from 'convnet-ts/testing'
import { fiveSteps } from './five-steps.js'

const grid: Tensor<Uint8Array> = tensor(new Uint8Array(4), [2, 2])
export const element: number = grid.get(0, 1)

// @ts-expect-error: an ndarray's elements are numbers, and not `any`
export const text: string = grid.get(0, 1)
// @ts-expect-error: options are checked by name
export const misspelt = () => [new Sequential([], { inputShap: [2] }), gradCheck]

console.log(JSON.stringify(await fiveSteps()))
