import type { Real } from '../../tensor/tensor.ts'
import type { Arithmetic, Kernels } from '../kernels.ts'
import { droppedWords, layerWord, maskWord, stepWord } from './mask-word.ts'

type ElementwiseKernels<A extends Real> = Pick<
  Kernels<A>,
  | 'relu'
  | 'reluBackward'
  | 'sigmoid'
  | 'sigmoidBackward'
  | 'softmax'
  | 'softmaxBackward'
  | 'rescale'
  | 'dropout'
>

export function elementwiseKernels<A extends Real>({ round, exp }: Arithmetic): ElementwiseKernels<A> {
  return {
    relu(n, x, y) {
      for (let i = 0; i < n; i++) y[i] = x[i] < 0 ? 0 : x[i]
    },

    reluBackward(n, y, dy, dx) {
      for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? dy[i] : 0
    },

    sigmoid(n, x, y) {
      for (let i = 0; i < n; i++) {
        const e = exp(-Math.abs(x[i]))
        y[i] = round((x[i] < 0 ? e : 1) / round(1 + e))
      }
    },

    sigmoidBackward(n, y, dy, dx) {
      for (let i = 0; i < n; i++) dx[i] = round(dy[i] * round(y[i] * round(1 - y[i])))
    },

    softmax(rows, classes, x, y) {
      for (let row = 0; row < rows * classes; row += classes) {
        let largest = x[row]
        for (let c = row + 1; c < row + classes; c++) if (x[c] > largest) largest = x[c]
        let sum = 0
        for (let c = row; c < row + classes; c++) {
          const e = exp(round(x[c] - largest))
          y[c] = e
          sum = round(sum + e)
        }
        for (let c = row; c < row + classes; c++) y[c] = round(y[c] / sum)
      }
    },

    softmaxBackward(rows, classes, y, dy, dx) {
      for (let row = 0; row < rows * classes; row += classes) {
        let sum = 0
        for (let c = row; c < row + classes; c++) sum = round(sum + round(dy[c] * y[c]))
        for (let c = row; c < row + classes; c++) dx[c] = round(y[c] * round(dy[c] - sum))
      }
    },

    rescale(n, scale, offset, x, y) {
      const s = round(scale)
      const o = round(offset)
      for (let i = 0; i < n; i++) {
        // Each store rounds to the precision of y.
        y[i] = x[i] * s
        y[i] += o
      }
    },

    dropout(n, rate, key, x, y) {
      const scale = round(1 / (1 - rate))
      const dropped = droppedWords(rate)
      const layer = layerWord(key)
      const step = stepWord(key)
      for (let i = 0; i < n; i++) y[i] = maskWord(i, layer, step) < dropped ? 0 : round(x[i] * scale)
    },
  }
}
