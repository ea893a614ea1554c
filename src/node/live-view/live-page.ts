import type { ServerResponse } from 'node:http'
import { drawEpochs, drawProgress, drawTitle } from './draw-run.ts'
import { liveDocument } from './live-document.ts'
import { LiveRun, type Turn } from './live-run.ts'
import { contentOf, type Part, Updates } from './updates.ts'

/** The page: which runs there are, and which of its parts show what of them. */
export class LivePage {
  readonly #title: string
  readonly #runs: LiveRun[] = []
  readonly #updates = new Updates()
  /** What `drawEpochs` has made of each run since its last epoch, so that it draws once for all readers. */
  readonly #drawn = new Map<LiveRun, string>()

  constructor(title: string) {
    this.#title = title
  }

  /** A run, which comes onto the page when its training begins. */
  run(name: string, reference: LiveRun['reference']): LiveRun {
    return new LiveRun(name, reference, (run, turn) => this.#update(run, turn))
  }

  /** The page as it is now. */
  document(): string {
    const [title, runs] = this.#whole.map(contentOf)
    return liveDocument(this.#title, title, runs)
  }

  /** Keeps the page of a reader as this one is, from now on. */
  follow(reader: ServerResponse): void {
    this.#updates.follow(reader, this.#whole)
  }

  /** Leaves all readers. */
  close(): Promise<void> {
    return this.#updates.close()
  }

  #update(run: LiveRun, turn: Turn): void | Promise<void> {
    if (turn !== 'step') this.#drawn.delete(run)
    if (turn === 'begin' && !this.#runs.includes(run)) this.#runs.push(run)
    const [title, runs] = this.#whole
    const [progress, epochs] = this.#partsOf(run)
    if (turn === 'begin') this.#updates.change(title, runs)
    else if (turn === 'step') this.#updates.change(title, progress)
    else this.#updates.change(title, progress, epochs)
    if (turn === 'end') return this.#updates.flush()
  }

  get #whole(): readonly [title: Part, runs: Part] {
    return [
      { id: 'title', draw: () => drawTitle(this.#title, this.#runs.at(-1)) },
      { id: 'runs', draw: () => this.#runs.map(run => section(...this.#partsOf(run))).join('') },
    ]
  }

  #partsOf(run: LiveRun): readonly [progress: Part, epochs: Part] {
    const id = `run-${this.#runs.indexOf(run) + 1}`
    return [
      { id: `${id}-progress`, draw: () => drawProgress(run) },
      { id: `${id}-epochs`, draw: () => this.#drawEpochsOnce(run) },
    ]
  }

  #drawEpochsOnce(run: LiveRun): string {
    const drawn = this.#drawn.get(run) ?? drawEpochs(run)
    this.#drawn.set(run, drawn)
    return drawn
  }
}

function section(progress: Part, epochs: Part): string {
  const first = `<div id="${progress.id}">${contentOf(progress)}</div>`
  return `<section>${first}<div id="${epochs.id}" class="epochs">${contentOf(epochs)}</div></section>`
}
