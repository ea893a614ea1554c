import { MemoryError, OptionError } from '../../errors.ts'
import { checkedKernels } from '../../kernels/checked.ts'
import type { Kernels } from '../../kernels/kernels.ts'
import { isBuiltInLayer } from '../../layers/built-in.ts'
import type { Pass, Step } from '../../layers/layer.ts'
import type { Real } from '../../tensor/tensor.ts'
import { gather, gatherWords, type RowData } from '../rows.ts'
import type { ChainLink } from './chain.ts'
import { type LayoutOptions, layOut, type PlacedArray } from './layout.ts'
import { type PlacedParameter, parametersByLink } from './parameters.ts'

/** A link bound to its memory. */
export interface PlannedStep<A extends Real> {
  readonly owner: string
  readonly step: Step<A>
  readonly x: A
  readonly y: A
  readonly dy: A | null
  readonly dx: A | null
}

/** What a plan is compiled from: a network. */
export interface PlanParts<A extends Real> {
  readonly kernels: Kernels<A>
  readonly links: readonly ChainLink[]
  readonly placed: readonly PlacedParameter[]
  readonly values: A
}

/**
 * A chain of layers compiled for batches of up to `maxRows` rows: every array placed in one arena, every step bound to its
 * own. Running it creates nothing.
 */
export class Plan<A extends Real> {
  /** The most rows of a batch. */
  readonly maxRows: number
  readonly steps: readonly PlannedStep<A>[]
  /**
   * The arena, the weights and the gradients. The steps' arrays are views of these, and a kernel set may reuse the memory
   * of an array that nobody holds, whatever views of it there are: see {@link Kernels.allocate}.
   */
  readonly memory: readonly A[]
  readonly #kernels: Kernels<A>
  readonly #bytes: Uint8Array | null
  readonly #words: Int32Array | null
  /** The input of the first step: where `load` has put the batch. */
  #loaded: A | Uint8Array

  /** @param gradients as long as the weights where the plan trains, else empty */
  constructor(
    { kernels, links, placed, values }: PlanParts<A>,
    gradients: A,
    options: Omit<LayoutOptions, 'bytesPerReal'>,
  ) {
    const bytesPerReal = values.BYTES_PER_ELEMENT
    const layout = layOut(links, { ...options, bytesPerReal })
    const arena = allocateArena(kernels, layout.bytes / bytesPerReal, options.maxRows)
    const array = arraysIn(arena)
    this.#kernels = kernels
    this.memory = [arena, values, gradients]
    this.maxRows = options.maxRows
    const parameters = parametersByLink(placed, values, gradients)
    this.steps = links.map((link, k) => {
      const { x, y, dy, dx, saved } = layout.links[k]
      const kernelsOfLink = isBuiltInLayer(link.layer)
        ? kernels
        : checkedKernels(kernels, `layer ${link.owner}`)
      const step = link.layer.bind(kernelsOfLink, {
        inputShape: link.inputShape,
        outputShape: link.outputShape,
        index: link.index,
        parameters: parameters.get(link.index) ?? {},
        saved: Object.fromEntries(Object.entries(saved).map(([name, placed]) => [name, array(placed)])),
      })
      return {
        owner: link.owner,
        step,
        x: array(x) as A,
        y: array(y) as A,
        dy: dy && (array(dy) as A),
        dx: dx && (array(dx) as A),
      }
    })
    const bytes = layout.byteInput && (array(layout.byteInput) as Uint8Array)
    this.#bytes = bytes
    this.#words = bytes && new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    this.#loaded = this.input
  }

  /** Where a batch of reals may be written before `forward`, in a plan that loads none. */
  get input(): A {
    return this.steps[0].x
  }

  /** Where `forward` leaves the model's output. */
  get output(): A {
    return this.steps.at(-1)!.y
  }

  /** Where the loss writes the output's gradient before `backward`; null in a plan that does not train. */
  get dOutput(): A | null {
    return this.steps.at(-1)!.dy
  }

  /** Where `backward` leaves the input's gradient, if that was asked for. */
  get dInput(): A | null {
    return this.steps[0].dx
  }

  /** Gathers the batch for `forward`, see {@link gather}: bytes as bytes where the first layer takes them. */
  load(data: RowData, order: Uint32Array | null, from: number, rows: number): void {
    this.#loaded = this.#bytes && data.data instanceof Uint8Array ? this.#bytes : this.input
    if (this.#words && data.words) gatherWords(data.words, data.size / 4, order, from, rows, this.#words)
    else gather(data, order, from, rows, this.#loaded)
  }

  /** Gives the plan's own memory back: it must not be run any more. */
  release(): void {
    this.#kernels.release(this.memory[0])
  }

  forward(rows: number, pass: Pass): void {
    for (let k = 0; k < this.steps.length; k++) {
      const { step, y } = this.steps[k]
      step.forward(rows, this.#inputOf(k), y, pass)
    }
  }

  backward(rows: number, pass: Pass): void {
    for (let k = this.steps.length - 1; k >= 0; k--) {
      const { step, y, dy, dx } = this.steps[k]
      if (!dy) return
      step.backward(rows, this.#inputOf(k), y, dy, dx, pass)
    }
  }

  /** What step k reads: bytes, where a batch of them is loaded, go to a layer that has said that it takes them. */
  #inputOf(k: number): A {
    return k === 0 ? (this.#loaded as A) : this.steps[k].x
  }
}

function allocateArena<A extends Real>(kernels: Kernels<A>, length: number, rows: number): A {
  try {
    return kernels.allocate(length)
  } catch (error) {
    // The reference's arrays are the engine's own, whose error is a RangeError.
    if (!(error instanceof MemoryError || error instanceof RangeError)) throw error
    const gigabytes = ((length * kernels.allocate(0).BYTES_PER_ELEMENT) / 1e9).toFixed(1)
    throw new OptionError(
      'the model',
      'batchSize',
      rows,
      `fewer rows: these take ${gigabytes} GB of memory, which cannot be had`,
    )
  }
}

/** Makes arrays in the arena, the same one for the same place: layers see by it that they work in place. */
function arraysIn<A extends Real>(arena: A): (placed: PlacedArray) => A | Uint8Array | Int32Array {
  const made = new Map<PlacedArray, A | Uint8Array | Int32Array>()
  const make = ({ elements, dtype, offset }: PlacedArray) => {
    const start = arena.byteOffset + offset
    if (dtype === 'uint8') return new Uint8Array(arena.buffer, start, elements)
    if (dtype === 'int32') return new Int32Array(arena.buffer, start, elements)
    return arena.subarray(offset / arena.BYTES_PER_ELEMENT, offset / arena.BYTES_PER_ELEMENT + elements) as A
  }
  return placed => {
    const array = made.get(placed) ?? make(placed)
    made.set(placed, array)
    return array
  }
}
