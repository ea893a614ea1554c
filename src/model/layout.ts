import type { SavedSpec } from '../layers/layer.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { ChainLink } from './chain.ts'
import { place } from './placement.ts'

export interface LayoutOptions {
  /** The most rows of a batch. */
  readonly rows: number
  /** Whether gradients are wanted. Default false. */
  readonly training?: boolean
  /** Whether the gradient of the input is wanted as well, as gradient checks do. Default false. */
  readonly inputGradient?: boolean
  readonly bytesPerReal: number
}

/** An array of the plan and the moments at which it is first written and last read. */
export interface Buffer {
  readonly elements: number
  readonly dtype: SavedSpec['dtype']
  readonly bytes: number
  readonly from: number
  readonly until: number
  /** In bytes from the start of the arena. */
  readonly offset: number
}

/** Which buffers a link works on. */
export interface LinkBuffers {
  readonly x: Buffer
  readonly y: Buffer
  /** Null where no gradient flows. */
  readonly dy: Buffer | null
  readonly dx: Buffer | null
  readonly saved: { readonly [name: string]: Buffer }
}

/** Where everything lies: data only, so that it can be described without being allocated. */
export interface Layout {
  readonly links: readonly LinkBuffers[]
  /** Bytes of the arena. */
  readonly bytes: number
}

/** A buffer before it is placed: two activations that share their memory are one draft. */
interface Draft {
  elements: number
  dtype: SavedSpec['dtype']
  from: number
  until: number
}

/**
 * Gives every array of a chain its place in one arena. A chain of L links runs through the moments 0 (the batch is
 * gathered), 1 … L (forward), L + 1 (loss) and L + 2 … 2L + 1 (backward, last link first); arrays whose moments do not
 * overlap share memory, and so do the two sides of a link that works in place.
 */
export function layOut(links: readonly ChainLink[], options: LayoutOptions): Layout {
  const { rows, training = false, inputGradient = false, bytesPerReal } = options
  const count = links.length
  const backwardAt = (link: number) => 2 * count + 1 - link
  // No gradient flows below the first link with parameters, unless the input's is wanted.
  const firstTrained = links.findIndex(({ needs }) => needs.parameters !== undefined)
  const lowest = !training ? count : inputGradient ? 0 : firstTrained < 0 ? count : firstTrained
  const reads = (link: number, side: 'input' | 'output') => {
    if (link < lowest || link >= count) return false
    const { backwardReads = 'both' } = links[link].needs
    return backwardReads === 'both' || backwardReads === side
  }

  const drafts: Draft[] = []
  const draft = (perRow: number, dtype: SavedSpec['dtype'], from: number, until: number): Draft => {
    const made = { elements: perRow * rows, dtype, from, until }
    drafts.push(made)
    return made
  }

  // Activation k is the input of link k and the output of link k − 1.
  const activations: Draft[] = []
  let sharedSince = 0
  for (let k = 0; k <= count; k++) {
    const { needs } = links[k - 1] ?? { needs: {} }
    const size = sizeOf(k === 0 ? links[0].input : links[k - 1].output)
    const until = Math.max(
      k + 1,
      reads(k, 'input') ? backwardAt(k) : 0,
      reads(k - 1, 'output') ? backwardAt(k - 1) : 0,
    )
    // Overwriting is allowed where nothing that shares this memory is read again on the way back.
    let untouched = true
    for (let j = sharedSince; j < k; j++) untouched &&= !reads(j, 'input') && !reads(j - 1, 'output')
    if (needs.inPlace === 'view' || (needs.inPlace === 'overwrite' && untouched)) {
      const shared = activations[k - 1]
      shared.until = Math.max(shared.until, until)
      activations.push(shared)
    } else {
      sharedSince = k
      activations.push(draft(size, 'real', k, until))
    }
  }

  // Gradient k is that of activation k; a link that works in place makes its dx where its dy was.
  const gradients: (Draft | null)[] = activations.map(() => null)
  const lowestGradient = inputGradient ? 0 : lowest + 1
  for (let k = count; k >= lowestGradient && training; k--) {
    const written = k === count ? count + 1 : backwardAt(k)
    const read = k - 1 >= lowest ? backwardAt(k - 1) : written
    const above = gradients[k + 1]
    if (above && links[k].needs.inPlace) {
      above.until = Math.max(above.until, read)
      gradients[k] = above
    } else {
      const size = sizeOf(k === 0 ? links[0].input : links[k - 1].output)
      gradients[k] = draft(size, 'real', written, read)
    }
  }

  const saved = links.map(({ needs }, k) => {
    const until = k >= lowest ? backwardAt(k) : k + 1
    return Object.entries(needs.saved ?? {}).map(
      ([name, { perRow, dtype }]) => [name, draft(perRow, dtype, k + 1, until)] as const,
    )
  })

  const sized = drafts.map(made => ({ ...made, bytes: made.elements * bytesOf(made.dtype, bytesPerReal) }))
  const { offsets, bytes } = place(sized)
  const buffers = new Map(drafts.map((made, i) => [made, { ...sized[i], offset: offsets[i] }]))
  const placed = (made: Draft): Buffer => buffers.get(made)!
  const placedOrNull = (made: Draft | null | undefined) => (made ? placed(made) : null)
  return {
    bytes,
    links: links.map((_, k) => ({
      x: placed(activations[k]),
      y: placed(activations[k + 1]),
      dy: k >= lowest ? placedOrNull(gradients[k + 1]) : null,
      dx: k >= lowest ? placedOrNull(gradients[k]) : null,
      saved: Object.fromEntries(saved[k].map(([name, made]) => [name, placed(made)])),
    })),
  }
}

function bytesOf(dtype: SavedSpec['dtype'], bytesPerReal: number): number {
  if (dtype === 'real') return bytesPerReal
  return dtype === 'uint8' ? 1 : 4
}
