import { BLOCK_INPUTS } from '../../kernels/kernels.ts'
import {
  EXP_COEFFICIENTS,
  EXP_MAX,
  EXP_MIN,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
} from '../../kernels/reference/float32-functions.ts'

/*
 * The functions that a standalone module may consist of, as JavaScript, for one row. They add in the order that
 * kernels.ts defines, and each operation is rounded to float32, by `fround` or by the array that it is stored in.
 */

const conv2d = `
/** A convolution; padding is zeros. */
function conv2d(x, kernel, bias, { input, window, strides, padding, output }) {
  const [height, width, channels] = input
  const [outHeight, outWidth, filters] = output
  const y = new Float32Array(outHeight * outWidth * filters)
  for (let oh = 0, out = 0; oh < outHeight; oh++) {
    for (let ow = 0; ow < outWidth; ow++, out += filters) {
      if (bias) y.set(bias, out)
      let tap = 0
      for (let kh = 0; kh < window[0]; kh++) {
        const h = oh * strides[0] + kh - padding[0]
        for (let kw = 0; kw < window[1]; kw++) {
          const w = ow * strides[1] + kw - padding[1]
          const isPadding = h < 0 || h >= height || w < 0 || w >= width
          for (let c = 0; c < channels; c++, tap += filters) {
            const pixel = isPadding ? 0 : x[(h * width + w) * channels + c]
            for (let f = 0; f < filters; f++) y[out + f] += Math.fround(pixel * kernel[tap + f])
          }
        }
      }
    }
  }
  return y
}`

const maxPool2d = `
/** The largest pixel of each window, channel by channel; padding never wins. */
function maxPool2d(x, { input, window, strides, padding, output }) {
  const [height, width, channels] = input
  const [outHeight, outWidth] = output
  const y = new Float32Array(outHeight * outWidth * channels)
  for (let oh = 0, out = 0; oh < outHeight; oh++) {
    const top = oh * strides[0] - padding[0]
    for (let ow = 0; ow < outWidth; ow++) {
      const left = ow * strides[1] - padding[1]
      for (let c = 0; c < channels; c++, out++) {
        let best = -Infinity
        for (let h = Math.max(0, top); h < Math.min(height, top + window[0]); h++) {
          for (let w = Math.max(0, left); w < Math.min(width, left + window[1]); w++) {
            const value = x[(h * width + w) * channels + c]
            if (value > best || Number.isNaN(value)) best = value
          }
        }
        y[out] = best
      }
    }
  }
  return y
}`

const dense = `
/** The product of a vector and a matrix, added up in blocks of inputs, and the bias. */
function dense(x, kernel, bias, units) {
  const y = new Float32Array(units)
  if (bias) y.set(bias)
  for (let from = 0; from < x.length; from += ${BLOCK_INPUTS}) {
    const block = new Float32Array(units)
    for (let i = from; i < Math.min(from + ${BLOCK_INPUTS}, x.length); i++) {
      for (let u = 0; u < units; u++) block[u] += Math.fround(x[i] * kernel[i * units + u])
    }
    for (let u = 0; u < units; u++) y[u] += block[u]
  }
  return y
}`

const rescale = `
function rescale(x, scale, offset) {
  return x.map(value => Math.fround(value * scale) + offset)
}`

const relu = `
function relu(x) {
  return x.map(value => (value < 0 ? 0 : value))
}`

const sigmoid = `
function sigmoid(x) {
  return x.map(value => {
    const e = exp(-Math.abs(value))
    return (value < 0 ? e : 1) / Math.fround(1 + e)
  })
}`

const softmax = `
/** Of each vector along the last axis, which is so long. */
function softmax(x, classes) {
  const y = new Float32Array(x.length)
  for (let row = 0; row < x.length; row += classes) {
    let largest = x[row]
    for (let i = row; i < row + classes; i++) if (x[i] > largest) largest = x[i]
    let sum = 0
    for (let i = row; i < row + classes; i++) {
      y[i] = exp(Math.fround(x[i] - largest))
      sum = Math.fround(sum + y[i])
    }
    for (let i = row; i < row + classes; i++) y[i] /= sum
  }
  return y
}`

const exp = `
/** exp in float32, the same on every engine, by Moshier's Cephes library: x = n·ln 2 + r, exp(x) = 2ⁿ·exp(r). */
function exp(x) {
  if (x > ${EXP_MAX}) return Infinity
  if (x < ${EXP_MIN}) return 0
  if (Number.isNaN(x)) return x
  const f = Math.fround
  const n = Math.floor(f(f(x * ${LOG2_E}) + 0.5))
  const r = f(f(x - f(n * ${LN2_HIGH})) - f(n * ${LN2_LOW}))
  let p = 0
  for (const coefficient of expCoefficients) p = f(f(p * r) + coefficient)
  p = f(f(f(p * f(r * r)) + r) + 1)
  return f(p * powersOfTwo[n + 150])
}

const expCoefficients = [${EXP_COEFFICIENTS.join(', ')}]

/** 2ⁿ at n + 150, from 2⁻¹⁵⁰ to 2¹²⁸. */
const powersOfTwo = new Float64Array(279).fill(1)
for (let n = 1; n <= 150; n++) powersOfTwo[150 - n] = powersOfTwo[151 - n] / 2
for (let n = 1; n <= 128; n++) powersOfTwo[150 + n] = powersOfTwo[149 + n] * 2`

/** JavaScript by the name of the function that it declares. */
export const functions = { conv2d, maxPool2d, dense, rescale, relu, sigmoid, softmax, exp }

export type FunctionName = keyof typeof functions
