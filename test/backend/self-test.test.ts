import { describe, expect, test } from 'vitest'
import { agreesWithReference } from '../../src/backend/self-test.ts'
import type { KernelName } from '../../src/backend/self-test-case.ts'
import { type Conv2DReluPoolGeometry, followsWindows } from '../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'
import { usesWinograd } from '../../src/kernels/simd/conv2d/winograd.ts'
import { alone } from '../../src/kernels/simd/runtime/alone.ts'
import { hasRelaxedSimd } from '../../src/kernels/simd/runtime/features.ts'
import type { Share } from '../../src/kernels/simd/runtime/machine.ts'
import { simdKernels } from '../../src/kernels/simd/simd.ts'
import { tiles } from '../support/simd.ts'

type Output = Float32Array | Uint8Array | Int32Array
type Arguments = readonly unknown[]

/** The reference, but for one kernel, which does to an output, the parameter with this number, what it should not. */
function wrongIn(
  name: KernelName,
  parameter: number,
  spoil: (output: Output, args: Arguments) => void,
): typeof referenceFloat32 {
  const right = referenceFloat32[name] as (...args: Arguments) => void
  const wrong = (...args: Arguments) => {
    right(...args)
    const output = args[parameter] as Output | null
    if (output) spoil(output, args)
  }
  return { ...referenceFloat32, [name]: wrong }
}

/** Changes one number. */
const changed =
  (change: (x: number) => number) =>
  (output: Output): void => {
    const last = output.findLastIndex(x => x !== 0)
    output[last] = change(output[last])
  }

/** The next float32 away from 0. */
function nextFloat(x: number): number {
  const bits = new Int32Array(Float32Array.of(x).buffer)
  bits[0]++
  return new Float32Array(bits.buffer)[0]
}

/** Where in the parameters of each kernel its outputs are: of real numbers, and of winners. */
const outputs: { readonly [name in KernelName]: { reals: readonly number[]; winners?: number } } = {
  dense: { reals: [5] },
  denseBackwardWeights: { reals: [4, 5] },
  denseBackwardInput: { reals: [4] },
  conv2d: { reals: [5] },
  conv2dBackwardWeights: { reals: [4, 5] },
  conv2dBackwardInput: { reals: [4] },
  maxPool2d: { reals: [3], winners: 4 },
  maxPool2dBackward: { reals: [4] },
  conv2dReluMaxPool2d: { reals: [5], winners: 6 },
  conv2dReluMaxPool2dBackwardWeights: { reals: [6, 7] },
  conv2dReluMaxPool2dBackwardInput: { reals: [6] },
  relu: { reals: [2] },
  reluBackward: { reals: [3] },
  sigmoid: { reals: [2] },
  sigmoidBackward: { reals: [3] },
  softmax: { reals: [3] },
  softmaxBackward: { reals: [4] },
  rescale: { reals: [4] },
  dropout: { reals: [4] },
  adam: { reals: [2, 4, 5] },
  sgd: { reals: [2, 4] },
}
const names = Object.keys(outputs) as KernelName[]
const reals = names.flatMap(name => outputs[name].reals.map(parameter => [name, parameter] as const))
const winners = names.filter(name => outputs[name].winners)

test('the reference agrees with itself, and rounds well enough for fast numerics', () => {
  expect(agreesWithReference(referenceFloat32, 'strict')).toBe(true)
  expect(agreesWithReference(referenceFloat32, 'fast')).toBe(true)
})

describe.each(reals)('%s, parameter %i', (name, parameter) => {
  const agrees = (change: (x: number) => number, numerics: 'strict' | 'fast') =>
    agreesWithReference(wrongIn(name, parameter, changed(change)), numerics)

  test('strict numerics bear no other bit in one number', () => {
    expect(agrees(nextFloat, 'strict')).toBe(false)
  })

  test('fast numerics bear no wrong number, and no NaN', () => {
    expect(agrees(x => x + 0.1, 'fast')).toBe(false)
    expect(agrees(() => Number.NaN, 'fast')).toBe(false)
  })

  const addsProducts = /^dense|^conv2d/.test(name)
  test(`fast numerics bear ${addsProducts ? 'another' : 'no other'} rounding`, () => {
    expect(agrees(nextFloat, 'fast')).toBe(addsProducts)
  })
})

test.each(winners)('%s: no numerics bear another winner', name => {
  const wrong = wrongIn(name, outputs[name].winners!, output => {
    output[output.length - 1] ^= 1
  })
  expect(agreesWithReference(wrong, 'strict')).toBe(false)
  expect(agreesWithReference(wrong, 'fast')).toBe(false)
})

describe('what WebAssembly does in a way of its own is not forgotten:', () => {
  const fast = { numerics: 'fast', tile: tiles['4×8'], relaxedSimd: true } as const
  const inWinograd = ([g]: Arguments) => usesWinograd(fast, g as never)
  const follows = ([g]: Arguments) => followsWindows(g as never)
  const ofFour = ([g]: Arguments) => {
    const { poolHeight, poolWidth, filters } = g as Conv2DReluPoolGeometry
    return poolHeight * poolWidth === 4 && filters % 8 === 0
  }

  test.each<[string, KernelName, (args: Arguments) => boolean]>([
    ['one row', 'dense', args => args[1] === 1],
    ['several rows', 'dense', args => args[1] !== 1],
    ['Winograd’s algorithm', 'conv2d', inWinograd],
    ['the other convolutions', 'conv2d', args => !inWinograd(args)],
    ['Winograd’s weight gradients', 'conv2dBackwardWeights', inWinograd],
    ['Winograd’s input gradients', 'conv2dBackwardInput', inWinograd],
    ['Winograd’s algorithm, fused', 'conv2dReluMaxPool2d', inWinograd],
    ['Winograd’s weight gradients, fused', 'conv2dReluMaxPool2dBackwardWeights', inWinograd],
    ['Winograd’s input gradients, fused', 'conv2dReluMaxPool2dBackwardInput', inWinograd],
    ...[true, false].flatMap(four =>
      [true, false].flatMap(masked =>
        [true, false].map((watched): [string, KernelName, (args: Arguments) => boolean] => [
          `${four ? 'windows of four' : 'other windows'}${masked ? ', a mask' : ''}${watched ? ', winners' : ''}`,
          'conv2dReluMaxPool2d',
          args => ofFour(args) === four && (args[7] !== null) === masked && (args[6] !== null) === watched,
        ]),
      ),
    ),
    ['weight gradients by windows', 'conv2dReluMaxPool2dBackwardWeights', follows],
    ['weight gradients by pixels', 'conv2dReluMaxPool2dBackwardWeights', args => !follows(args)],
    ['no winners', 'maxPool2d', args => args[4] === null],
    ['winners in bytes', 'maxPool2d', args => args[4] instanceof Uint8Array],
    ['winners in integers', 'maxPool2d', args => args[4] instanceof Int32Array],
    ['gradients of winners in bytes', 'maxPool2dBackward', args => args[3] instanceof Uint8Array],
    ['gradients of winners in integers', 'maxPool2dBackward', args => args[3] instanceof Int32Array],
    ['bytes', 'rescale', args => args[3] instanceof Uint8Array],
    ['real numbers', 'rescale', args => args[3] instanceof Float32Array],
    ['no velocity', 'sgd', args => args[4] === null],
    ['momentum', 'sgd', args => args[4] !== null && !(args[1] as { nesterov: boolean }).nesterov],
    ['Nesterov’s momentum', 'sgd', args => (args[1] as { nesterov: boolean }).nesterov],
  ])('%s: %s', (_, name, isConcerned) => {
    const [parameter] = outputs[name].reals
    const spoil = changed(x => x + 0.1)
    const wrong = wrongIn(name, parameter, (output, args) => {
      if (isConcerned(args)) spoil(output)
    })
    expect(agreesWithReference(wrong, 'strict')).toBe(false)
    expect(agreesWithReference(wrong, 'fast')).toBe(false)
  })

  const relaxedSimd = hasRelaxedSimd()
  test.each(['strict', ...(relaxedSimd ? (['fast'] as const) : [])] as const)(
    'every task of the module, %s',
    numerics => {
      const ran = new Set<string>()
      let tasks: readonly string[] = []
      const hire = (share: Share) => {
        const crew = alone(share)
        tasks = share.tasks
        const run = (task: number, chunks: number) => {
          ran.add(tasks[task])
          crew.run(task, chunks)
        }
        return { ...crew, run }
      }
      const kernels = simdKernels({ numerics, relaxedSimd, tile: tiles['4×16'], hire })
      expect(agreesWithReference(kernels, numerics)).toBe(true)
      expect(tasks.length).toBeGreaterThan(20)
      expect(tasks.filter(task => !ran.has(task))).toEqual([])
    },
  )
})
