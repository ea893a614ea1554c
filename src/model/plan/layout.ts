import type { SavedSpec } from '../../layers/layer.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { ChainLink } from './chain.ts'
import { place } from './placement.ts'
import { Schedule, type ScheduleOptions } from './schedule.ts'

/** Options of {@link layOut}. */
export interface LayoutOptions extends ScheduleOptions {
  /** The most rows of a batch. */
  readonly maxRows: number
  readonly bytesPerReal: number
}

/** An array of the plan and the moments at which it is first written and last read. */
export interface PlacedArray {
  readonly elements: number
  readonly dtype: SavedSpec['dtype']
  readonly bytes: number
  readonly from: number
  readonly until: number
  /** In bytes from the start of the arena. */
  readonly offset: number
}

/** Which arrays a link works on. */
export interface LinkArrays {
  readonly x: PlacedArray
  readonly y: PlacedArray
  /** Null where no gradient flows. */
  readonly dy: PlacedArray | null
  readonly dx: PlacedArray | null
  readonly saved: { readonly [name: string]: PlacedArray }
}

/** Where everything lies: data only, so that it can be described without being allocated. */
export interface Layout {
  readonly links: readonly LinkArrays[]
  /** A second array for the first link's input, for bytes; null where it does not take them. */
  readonly byteInput: PlacedArray | null
  /** Bytes of the arena. */
  readonly bytes: number
}

/** An array that is not placed yet. */
interface Draft {
  readonly perRow: number
  readonly dtype: SavedSpec['dtype']
  readonly from: number
  until: number
}

/**
 * Gives every array of a chain its place in one arena: arrays that are never needed at the same moment share memory, and
 * so do the two sides of a link that works in place.
 */
export function layOut(links: readonly ChainLink[], options: LayoutOptions): Layout {
  const schedule = new Schedule(links, options)
  const sizes = [links[0].inputShape, ...links.map(({ outputShape }) => outputShape)].map(sizeOf)
  const activations = draftActivations(links, sizes, schedule)
  const gradients = draftGradients(links, sizes, schedule, options)
  const saved = links.map((link, k) => draftSaved(link, k, schedule))
  const byteInput = links[0].needs.takesBytes ? draftByteInput(sizes[0], schedule) : null

  const drafts = new Set([...activations, ...gradients, ...saved.flatMap(Object.values<Draft>), byteInput])
  drafts.delete(null)
  const sized = [...(drafts as Set<Draft>)].map(draft => {
    const elements = draft.perRow * options.maxRows
    return { draft, ...draft, elements, bytes: elements * bytesOf(draft.dtype, options.bytesPerReal) }
  })
  const { offsets, bytes } = place(sized)
  const arrays = new Map(sized.map(({ draft, ...array }, i) => [draft, { ...array, offset: offsets[i] }]))
  const placed = (draft: Draft): PlacedArray => arrays.get(draft)!
  return {
    bytes,
    byteInput: byteInput && placed(byteInput),
    links: links.map((_, k) => {
      const [dx, dy] = k < schedule.lowest ? [null, null] : [gradients[k], gradients[k + 1]]
      return {
        x: placed(activations[k]),
        y: placed(activations[k + 1]),
        dy: dy && placed(dy),
        dx: dx && placed(dx),
        saved: Object.fromEntries(Object.entries(saved[k]).map(([name, draft]) => [name, placed(draft)])),
      }
    }),
  }
}

/** One draft for each activation; those that share their memory are the same object. */
function draftActivations(
  links: readonly ChainLink[],
  sizes: readonly number[],
  schedule: Schedule,
): Draft[] {
  const activations: Draft[] = []
  let sharedSince = 0
  for (const [k, perRow] of sizes.entries()) {
    const inPlace = k === 0 ? undefined : links[k - 1].needs.inPlace
    const until = schedule.lastRead(k)
    // What is read again on the way back must not be overwritten, nor must what shares its memory.
    const isReadBack = activations.some((_, j) => j >= sharedSince && schedule.isReadBack(j))
    if (inPlace === 'view' || (inPlace === 'overwrite' && !isReadBack)) {
      const shared = activations[k - 1]
      shared.until = Math.max(shared.until, until)
      activations.push(shared)
    } else {
      sharedSince = k
      activations.push({ perRow, dtype: 'real', from: k, until })
    }
  }
  return activations
}

/** One draft for the gradient of each activation that has one; a link that works in place makes its dx where its dy was. */
function draftGradients(
  links: readonly ChainLink[],
  sizes: readonly number[],
  schedule: Schedule,
  { training = false, inputGradient = false }: LayoutOptions,
): (Draft | null)[] {
  const gradients: (Draft | null)[] = sizes.map(() => null)
  const lowest = inputGradient ? 0 : schedule.lowest + 1
  for (let k = links.length; k >= lowest && training; k--) {
    const from = k === links.length ? schedule.lossAt() : schedule.backwardAt(k)
    const until = k > schedule.lowest ? schedule.backwardAt(k - 1) : from
    const above = gradients[k + 1]
    if (above && links[k].needs.inPlace) {
      above.until = Math.max(above.until, until)
      gradients[k] = above
    } else {
      gradients[k] = { perRow: sizes[k], dtype: 'real', from, until }
    }
  }
  return gradients
}

function draftByteInput(perRow: number, schedule: Schedule): Draft {
  return { perRow, dtype: 'uint8', from: 0, until: schedule.lastRead(0) }
}

function draftSaved({ needs }: ChainLink, k: number, schedule: Schedule): { [name: string]: Draft } {
  const from = schedule.forwardAt(k)
  const until = k < schedule.lowest ? from : schedule.backwardAt(k)
  const drafts = Object.entries(needs.saved ?? {}).map(([name, spec]) => [name, { ...spec, from, until }])
  return Object.fromEntries(drafts)
}

function bytesOf(dtype: SavedSpec['dtype'], bytesPerReal: number): number {
  if (dtype === 'real') return bytesPerReal
  return dtype === 'uint8' ? 1 : 4
}
