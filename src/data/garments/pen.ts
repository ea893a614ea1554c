import type { Random } from '../../tensor/random.ts'
import { SIDE } from '../fashion-mnist.ts'
import type { Canvas, Outline, Paint } from './canvas.ts'

/** How a garment lies in its picture: about the middle, stretched, leaning, moved. */
export interface Pose {
  readonly scaleX: number
  readonly scaleY: number
  /** Pixels to the right for each pixel down. */
  readonly lean: number
  readonly moveX: number
  readonly moveY: number
}

/** Draws in the coordinates of the pattern, where the garment fills the 28×28 picture and stands upright. */
export class Pen {
  readonly #canvas: Canvas
  readonly #pose: Pose

  constructor(canvas: Canvas, pose: Pose) {
    this.#canvas = canvas
    this.#pose = pose
  }

  fill(outline: Outline, paint: Paint): void {
    const { scaleX, scaleY, lean, moveX, moveY } = this.#pose
    const posed = new Array<number>(outline.length)
    for (let i = 0; i < outline.length; i += 2) {
      const x = outline[i] - MIDDLE
      const y = outline[i + 1] - MIDDLE
      posed[i] = MIDDLE + x * scaleX + y * lean + moveX
      posed[i + 1] = MIDDLE + y * scaleY + moveY
    }
    this.#canvas.fill(posed, paint)
  }

  /** A straight stroke of the given width. */
  line(xa: number, ya: number, xb: number, yb: number, width: number, paint: Paint): void {
    const dx = xb - xa
    const dy = yb - ya
    const scale = width / 2 / Math.sqrt(dx * dx + dy * dy)
    const px = -dy * scale
    const py = dx * scale
    this.fill([xa + px, ya + py, xb + px, yb + py, xb - px, yb - py, xa - px, ya - py], paint)
  }

  /** A stroke through several points: x₀, y₀, x₁, y₁, … */
  stroke(points: Outline, width: number, paint: Paint): void {
    for (let i = 0; i + 3 < points.length; i += 2) {
      this.line(points[i], points[i + 1], points[i + 2], points[i + 3], width, paint)
    }
  }
}

/** The picture's middle, about which patterns are symmetric. */
export const MIDDLE = SIDE / 2

/** A number drawn evenly between two. */
export function between(next: Random, low: number, high: number): number {
  return low + (high - low) * next()
}

/** An outline from its right half: distances from the middle and heights, from the top of the middle to its bottom. */
export function symmetric(half: Outline): Outline {
  const n = half.length
  const outline = new Array<number>(2 * n)
  for (let i = 0; i < n; i += 2) {
    outline[i] = MIDDLE + half[i]
    outline[i + 1] = half[i + 1]
    outline[2 * n - 2 - i] = MIDDLE - half[i]
    outline[2 * n - 1 - i] = half[i + 1]
  }
  return outline
}

/** The outline's mirror image about the middle. */
export function mirrored(outline: Outline): Outline {
  return outline.map((value, i) => (i % 2 === 0 ? 2 * MIDDLE - value : value))
}

/** Rounds the corners of an outline by cutting each at a quarter of its sides, twice (Chaikin's curve). */
export function rounded(outline: Outline): Outline {
  return cutCorners(cutCorners(outline))
}

function cutCorners(outline: Outline): Outline {
  const n = outline.length
  const cut: number[] = []
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n
    const [xa, ya, xb, yb] = [outline[i], outline[i + 1], outline[j], outline[j + 1]]
    cut.push(0.75 * xa + 0.25 * xb, 0.75 * ya + 0.25 * yb, 0.25 * xa + 0.75 * xb, 0.25 * ya + 0.75 * yb)
  }
  return cut
}
