import { SIDE } from '../fashion-mnist.ts'

/** A closed polygon: x₀, y₀, x₁, y₁, … in pixels, x to the right, y down; (0, 0) is the image's upper left corner. */
export type Outline = readonly number[]

/** The brightness at a place, 0 (black) … 1. */
export type Paint = (x: number, y: number) => number

/** An edge ends at x = 28 at most, and its area may be carried one cell further. */
const STRIDE = SIDE + 2

/**
 * A 28×28 picture on which polygons are painted over one another with smooth edges: a pixel that a polygon covers
 * by a third takes a third of its paint. Only + − × ÷ and comparisons, so that every machine draws the same bits.
 */
export class Canvas {
  /** The picture, row-major, 0 … 1. */
  readonly pixels = new Float64Array(SIDE * SIDE)
  readonly #area = new Float64Array(SIDE * STRIDE)

  clear(): void {
    this.pixels.fill(0)
  }

  /** Paints the inside of an outline; parts where it overlaps itself in the same turning sense are inside. */
  fill(outline: Outline, paint: Paint): void {
    const area = this.#area
    area.fill(0)
    const n = outline.length
    for (let i = 0; i < n; i += 2) {
      const j = i + 2 < n ? i + 2 : 0
      this.#edge(outline[i], outline[i + 1], outline[j], outline[j + 1])
    }
    for (let y = 0; y < SIDE; y++) {
      let winding = 0
      for (let x = 0; x < SIDE; x++) {
        winding += area[y * STRIDE + x]
        const cover = winding < 0 ? -winding : winding
        // What is left of opposite edges that do not cancel to the last bit.
        if (cover < 1e-6) continue
        const opacity = cover < 1 ? cover : 1
        const i = y * SIDE + x
        this.pixels[i] = this.pixels[i] * (1 - opacity) + paint(x + 0.5, y + 0.5) * opacity
      }
    }
  }

  /**
   * Adds one edge to the signed area buffer: the running sum along a row then is the share of each pixel that lies to
   * the right of all edges, which is exact coverage (the method of Levien's font-rs).
   */
  #edge(xa: number, ya: number, xb: number, yb: number): void {
    if (ya === yb) return
    const down = ya < yb
    const slope = (xb - xa) / (yb - ya)
    const top = down ? ya : yb
    const bottom = down ? yb : ya
    const xTop = down ? xa : xb
    const last = Math.min(SIDE, Math.ceil(bottom))
    for (let y = Math.max(0, Math.floor(top)); y < last; y++) {
      const from = Math.max(y, top)
      const to = Math.min(y + 1, bottom)
      const height = down ? to - from : from - to
      this.#span(y * STRIDE, clampX(xTop + slope * (from - top)), clampX(xTop + slope * (to - top)), height)
    }
  }

  /** The part of an edge inside one row: from x to x′, of signed height `height`. */
  #span(row: number, x: number, xNext: number, height: number): void {
    const area = this.#area
    const left = Math.min(x, xNext)
    const right = Math.max(x, xNext)
    let before = 0
    for (let cell = Math.floor(left); ; cell++) {
      // The height's share that has been passed, and the mean of what each pixel keeps of it.
      const until = Math.min(right, cell + 1)
      const share = right === left ? 1 : (until - Math.max(left, cell)) / (right - left)
      const middle = (Math.max(left, cell) + until) / 2 - cell
      const here = height * share
      area[row + cell] += before + here * (1 - middle)
      before = here * middle
      if (cell + 1 >= right) {
        area[row + cell + 1] += before
        return
      }
    }
  }
}

function clampX(x: number): number {
  return x < 0 ? 0 : x > SIDE ? SIDE : x
}
