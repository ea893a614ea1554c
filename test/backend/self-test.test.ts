import { describe, expect, test } from 'vitest'
import { agreesWithReference } from '../../src/backend/self-test.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { referenceFloat32 } from '../../src/kernels/reference/reference.ts'

type Name = {
  [K in keyof Kernels]: Kernels[K] extends (...args: never[]) => void ? K : never
}[keyof Kernels]

/** The reference, but for one kernel, in whose output `parameter` one number is changed. */
function wrongIn(name: Name, parameter: number, change: (x: number) => number): Kernels<Float32Array> {
  const right = referenceFloat32[name] as (...args: unknown[]) => void
  const wrong = (...args: unknown[]) => {
    right(...args)
    const output = args[parameter] as Float32Array
    const last = output.findLastIndex(x => x !== 0)
    output[last] = change(output[last])
  }
  return { ...referenceFloat32, [name]: wrong }
}

/** The kernels that are tested, and where in their parameters an output is. */
const outputs: readonly [Name, number][] = [
  ['dense', 5],
  ['denseBackwardWeights', 4],
  ['denseBackwardWeights', 5],
  ['denseBackwardInput', 4],
  ['conv2d', 5],
  ['conv2dReluMaxPool2d', 5],
  ['conv2dBackwardWeights', 4],
  ['conv2dBackwardWeights', 5],
  ['conv2dBackwardInput', 4],
  ['conv2dReluMaxPool2dBackwardWeights', 6],
  ['conv2dReluMaxPool2dBackwardWeights', 7],
  ['conv2dReluMaxPool2dBackwardInput', 6],
  ['relu', 2],
]

/** The next float32 away from 0. */
function nextFloat(x: number): number {
  const bits = new Int32Array(Float32Array.of(x).buffer)
  bits[0]++
  return new Float32Array(bits.buffer)[0]
}

test('the reference agrees with itself, and rounds well enough for fast numerics', () => {
  expect(agreesWithReference(referenceFloat32, 'strict')).toBe(true)
  expect(agreesWithReference(referenceFloat32, 'fast')).toBe(true)
})

describe.each(outputs)('%s, parameter %i', (name, parameter) => {
  test('strict numerics bear no other bit in one number', () => {
    expect(agreesWithReference(wrongIn(name, parameter, nextFloat), 'strict')).toBe(false)
  })

  test('fast numerics bear no wrong number, and no NaN', () => {
    expect(
      agreesWithReference(
        wrongIn(name, parameter, x => x + 0.1),
        'fast',
      ),
    ).toBe(false)
    expect(
      agreesWithReference(
        wrongIn(name, parameter, () => Number.NaN),
        'fast',
      ),
    ).toBe(false)
  })

  test.runIf(name !== 'relu')('fast numerics bear another rounding', () => {
    expect(agreesWithReference(wrongIn(name, parameter, nextFloat), 'fast')).toBe(true)
  })
})
