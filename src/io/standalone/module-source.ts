import { formatShape, type Shape, sizeOf } from '../../tensor/shape.ts'
import { flat, type Tensor } from '../../tensor/tensor.ts'
import { base64 } from '../../text/base64.ts'
import type { ExportedChain } from '../exported-chain.ts'
import { littleEndian } from '../little-endian.ts'
import { functions } from './functions.ts'
import { type LayerCall, layerCall } from './layer-call.ts'
import { comment, quoted } from './text.ts'

/** What a standalone module is written of. */
export interface ModuleContent extends ExportedChain {
  /** The model's. */
  readonly name: string
  readonly classNames: readonly string[] | undefined
  /** By path. */
  readonly weights: ReadonlyMap<string, Tensor>
}

/** The source of a standalone module. What a reader wants is at its top, the weights are at its end. */
export function moduleSource(content: ModuleContent): string {
  const { name, links, inputShape, outputShape, classNames, weights } = content
  const calls = links.flatMap(link => layerCall(link) ?? [])
  const parts = [
    preface(name, inputShape, outputShape),
    constants(inputShape, outputShape, classNames),
    predictFunction(sizeOf(inputShape), sizeOf(outputShape)),
    predictRowFunction(calls),
    ...usedFunctions(calls),
    ...(weights.size > 0 ? [weightsObject(weights)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function preface(name: string, inputShape: Shape, outputShape: Shape): string {
  return `/*
 * The model ${comment(name)}, from ${formatShape(inputShape)} to ${formatShape(outputShape)}, written by convnet-ts.
 *
 *   import { predict } from './model.mjs'
 *   const outputs = predict(input)
 *
 * Numbers are float32, and each operation is rounded by itself, in an order that is fixed: outputs have the same bits
 * on every engine.
 */
// @ts-nocheck`
}

function constants(inputShape: Shape, outputShape: Shape, classNames: readonly string[] | undefined): string {
  const names = classNames?.map(quoted).join(', ')
  return `/** The shape of one row of input. */
export const inputShape = [${inputShape.join(', ')}]

/** The shape of one row of output. */
export const outputShape = [${outputShape.join(', ')}]${names ? `\n\nexport const classNames = [${names}]` : ''}`
}

function predictFunction(inputSize: number, outputSize: number): string {
  return `/**
 * The model's outputs, one row behind the other.
 *
 * @param {ArrayLike<number>} x rows of input, one behind the other
 * @param {number} [rows] how many of them; default: all
 * @throws {TypeError} where x is no array of numbers, typed or not
 * @throws {RangeError} where x holds no whole rows, or too few
 */
export function predict(x, rows = x?.length / ${inputSize}) {
  if (typeof x !== 'object' || typeof x?.length !== 'number') {
    throw new TypeError('predict: x is no array, expected rows of ${inputSize} numbers')
  }
  if (!Number.isInteger(rows) || rows < 0 || x.length < rows * ${inputSize}) {
    throw new RangeError(\`predict: x has \${x.length} numbers and rows is \${rows}, expected whole rows of ${inputSize}\`)
  }
  const outputs = new Float32Array(rows * ${outputSize})
  const input = new Float32Array(${inputSize})
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < ${inputSize}; i++) input[i] = x[row * ${inputSize} + i]
    outputs.set(predictRow(input), row * ${outputSize})
  }
  return outputs
}`
}

function predictRowFunction(calls: readonly LayerCall[]): string {
  const lines = calls.flatMap(call => {
    const given = ['x', ...call.arguments]
    const oneLine = `  x = ${call.function}(${given.join(', ')})`
    const isLong = oneLine.length > 110
    return [
      `  // ${comment(call.name)}: ${formatShape(call.outputShape)}`,
      isLong
        ? `  x = ${call.function}(\n${given.map(argument => `    ${argument},\n`).join('')}  )`
        : oneLine,
    ]
  })
  return ['function predictRow(x) {', ...lines, '  return x', '}'].join('\n')
}

/** Those that are called, by a layer or by one that is. */
function usedFunctions(calls: readonly LayerCall[]): string[] {
  const used = new Set<string>(calls.map(call => call.function))
  if (used.has('sigmoid') || used.has('softmax')) used.add('exp')
  return Object.entries(functions).flatMap(([name, source]) => (used.has(name) ? [source.trim()] : []))
}

function weightsObject(weights: ReadonlyMap<string, Tensor>): string {
  const entries = [...weights].map(
    ([path, weight]) => `  ${quoted(path)}: decode('${base64(littleEndian(flat(weight)))}'),`,
  )
  return `/** Float32 numbers from the base64 of their bytes, the lowest of each first. */
function decode(base64) {
  const bytes = atob(base64)
  const view = new DataView(new ArrayBuffer(bytes.length))
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i))
  const numbers = new Float32Array(bytes.length / 4)
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat32(4 * i, true)
  return numbers
}

/** Kernels of convolutions are [height, width, channels, filters], those of dense layers [inputs, units]. */
const weights = {
${entries.join('\n')}
}`
}
