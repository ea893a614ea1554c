import type { ChainLink } from './chain.ts'

/** What a pass through a chain is for. */
export interface ScheduleOptions {
  /** Whether gradients are wanted. Default false. */
  readonly training?: boolean
  /** Whether the gradient of the input is wanted as well, as gradient checks do. Default false. */
  readonly inputGradient?: boolean
}

/**
 * The moments of one pass through a chain of L links: 0 (the batch is gathered), 1 … L (forward), L + 1 (loss) and
 * L + 2 … 2L + 1 (backward, last link first). Activation k is the input of link k and the output of link k − 1.
 */
export class Schedule {
  /** The first link that runs backward; L where none does. */
  readonly lowest: number
  readonly #links: readonly ChainLink[]

  constructor(links: readonly ChainLink[], { training = false, inputGradient = false }: ScheduleOptions) {
    this.#links = links
    this.lowest = training ? lowestLink(links, inputGradient) : links.length
  }

  forwardAt(link: number): number {
    return link + 1
  }

  lossAt(): number {
    return this.#links.length + 1
  }

  backwardAt(link: number): number {
    return 2 * this.#links.length + 1 - link
  }

  /** Whether activation k is read on the way back. */
  isReadBack(k: number): boolean {
    return this.#backwardReads(k, 'input') || this.#backwardReads(k - 1, 'output')
  }

  /** When activation k is read for the last time. */
  lastRead(k: number): number {
    if (this.#backwardReads(k - 1, 'output')) return this.backwardAt(k - 1)
    if (this.#backwardReads(k, 'input')) return this.backwardAt(k)
    return k < this.#links.length ? this.forwardAt(k) : this.lossAt()
  }

  #backwardReads(link: number, side: 'input' | 'output'): boolean {
    if (link < this.lowest || link >= this.#links.length) return false
    const { backwardReads = 'both' } = this.#links[link].needs
    return backwardReads === 'both' || backwardReads === side
  }
}

/** Below the first link with parameters no gradient flows, unless the input's is wanted. */
function lowestLink(links: readonly ChainLink[], inputGradient: boolean): number {
  if (inputGradient) return 0
  const trained = links.findIndex(({ needs }) => needs.parameters !== undefined)
  return trained < 0 ? links.length : trained
}
