import { expect } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import type { Parameter, Pass, Step } from '../../src/layers/layer.ts'
import type { ChainLink } from '../../src/model/plan/chain.ts'
import { random } from '../../src/tensor/random.ts'
import { sizeOf } from '../../src/tensor/shape.ts'
import type { Real } from '../../src/tensor/tensor.ts'
import { expectSameBits } from './compare.ts'
import { GARBAGE, integers } from './kernels.ts'

/** Rows of a batch. */
export const ROWS = 2
/** Rows that there is memory for. */
export const ROOM = 5

/** What inputs hold behind the rows of the batch: other than outputs, so that a copy of it shows. */
const UNUSED = 54321

/** What goes into a pass through a layer. */
export interface Batch {
  readonly x: Float64Array
  readonly dy: Float64Array
  readonly pass: Pass
}

/** What comes out of it: the rows that were written alone. */
export interface Results {
  readonly y: Real
  readonly dx: Real | null
  readonly gradients: { readonly [parameter: string]: Real }
}

/** How a pass is run. */
interface Run {
  readonly inPlace?: boolean
  /** Whether dx is wanted. Default true. */
  readonly wanted?: boolean
  /** What outputs hold beforehand. */
  readonly garbage?: number
}

/** A part of a layer, bound to memory for more rows than it is run with. */
export class Bench {
  readonly #kernels: Kernels<Real>
  readonly #link: ChainLink
  readonly #parameters: { [name: string]: Parameter<Real> } = {}
  readonly #saved: { [name: string]: Real | Uint8Array | Int32Array } = {}
  readonly #step: Step<Real>

  constructor(kernels: Kernels<Real>, link: ChainLink) {
    const { layer, inputShape, outputShape, needs } = link
    this.#kernels = kernels
    this.#link = link
    for (const [name, { shape }] of Object.entries(needs.parameters ?? {})) {
      const value = kernels.allocate(sizeOf(shape))
      value.set(drawn(value.length, name))
      this.#parameters[name] = { value, gradient: kernels.allocate(value.length) }
    }
    for (const [name, { perRow, dtype }] of Object.entries(needs.saved ?? {})) {
      const room = perRow * ROOM
      if (dtype === 'real') this.#saved[name] = kernels.allocate(room)
      else
        this.#saved[name] = integers<Uint8Array | Int32Array>(
          kernels,
          dtype === 'uint8' ? Uint8Array : Int32Array,
          room,
        )
    }
    const memory = { inputShape, outputShape, index: 3, parameters: this.#parameters, saved: this.#saved }
    this.#step = layer.bind(kernels, memory)
  }

  /** Runs forward and backward, and sees to it that nothing is read or written that must not be. */
  run({ x: input, dy: outputGradient, pass }: Batch, run: Run): Results {
    const { inPlace = false, wanted = true, garbage = GARBAGE } = run
    const { inputShape, outputShape, needs } = this.#link
    const [sizeX, sizeY] = [sizeOf(inputShape), sizeOf(outputShape)]
    const room = (size: number) => this.#kernels.allocate(ROOM * size).fill(garbage) as Real
    const filled = (rows: Float64Array, size: number) => {
      const array = this.#kernels.allocate(ROOM * size).fill(UNUSED) as Real
      array.set(rows)
      return array
    }
    const expectUntouched = (array: Real, size: number, what: string) => {
      const behind = array.subarray(ROWS * size)
      const before = inPlace ? UNUSED : garbage
      expectSameBits(behind, new Array(behind.length).fill(before), `${what} behind the rows`)
    }
    const parameters = Object.entries(this.#parameters)
    const before = parameters.map(([, { value }]) => value.slice())
    for (const [, { gradient }] of parameters) gradient.fill(garbage)
    const saved = Object.entries(this.#saved)
    for (const [, array] of saved) array.fill(77)

    const x = filled(input, sizeX)
    const y = inPlace ? x : room(sizeY)
    this.#step.forward(ROWS, x, y, pass)
    const written = y.slice(0, ROWS * sizeY) as Real
    if (!inPlace) expectSameBits(x, filled(input, sizeX), 'x after forward')
    expectUntouched(y, sizeY, 'y')

    // A model uses the memory again of what a layer says that it does not read.
    const { backwardReads = 'both' } = needs
    const readsX = backwardReads === 'both' || backwardReads === 'input'
    const readsY = backwardReads === 'both' || backwardReads === 'output'
    if (!readsX && !(inPlace && readsY)) x.fill(Number.NaN)
    if (!readsY && !(inPlace && readsX)) y.fill(Number.NaN)
    const kept = { x: x.slice(), y: y.slice() }
    const dy = filled(outputGradient, sizeY)
    const separate = inPlace ? dy : room(sizeX)
    const dx = wanted ? separate : null
    this.#step.backward(ROWS, x, y, dy, dx, pass)
    expectSameBits(x, kept.x, 'x after backward')
    expectSameBits(y, kept.y, 'y after backward')
    if (dx !== dy) expectSameBits(dy, filled(outputGradient, sizeY), 'dy after backward')
    if (dx) expectUntouched(dx, sizeX, 'dx')
    for (const [i, [name, { value }]] of parameters.entries()) expectSameBits(value, before[i], name)
    for (const [name, array] of saved) {
      const behind = array.slice(ROWS * needs.saved![name].perRow)
      expectSameBits(behind, new Array(behind.length).fill(77), `${name} behind the rows`)
    }
    return {
      y: written,
      dx: dx && (dx.slice(0, ROWS * sizeX) as Real),
      gradients: Object.fromEntries(
        parameters.map(([name, { gradient }]) => [name, gradient.slice() as Real]),
      ),
    }
  }
}

const PASS: Pass = { training: true, seed: 5, step: 2 }

/** A batch for a layer, drawn under a key. */
export function batchFor(
  { inputShape, outputShape }: Pick<ChainLink, 'inputShape' | 'outputShape'>,
  key: string,
  pass = PASS,
): Batch {
  return {
    x: drawn(ROWS * sizeOf(inputShape), key, 'x'),
    dy: drawn(ROWS * sizeOf(outputShape), key, 'dy'),
    pass,
  }
}

function drawn(n: number, ...key: string[]): Float64Array {
  const next = random('layer contract', ...key)
  return Float64Array.from({ length: n }, () => 2 * next() - 1)
}

export function expectSameResults(actual: Results, expected: Results): void {
  expectSameBits(actual.y, expected.y, 'y')
  expect(actual.dx === null).toBe(expected.dx === null)
  if (actual.dx && expected.dx) expectSameBits(actual.dx, expected.dx, 'dx')
  expect(Object.keys(actual.gradients)).toEqual(Object.keys(expected.gradients))
  for (const [name, gradient] of Object.entries(actual.gradients)) {
    expectSameBits(gradient, expected.gradients[name], `gradient of ${name}`)
  }
}
