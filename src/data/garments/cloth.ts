import type { Random } from '../../tensor/random.ts'
import type { Paint } from './canvas.ts'
import { between } from './pen.ts'

/** A material: its colour before any pattern, and the pattern itself. */
export interface Cloth {
  readonly tone: number
  readonly paint: Paint
}

/**
 * Cuts a cloth: mostly plain, sometimes striped across or along, checked or faded, always with soft folds.
 *
 * @param patterned how often it has a pattern, 0 … 1
 */
export function cloth(next: Random, patterned: number): Cloth {
  const tone = between(next, 0.25, 0.95)
  const folds = between(next, 0.02, 0.14)
  const foldWidth = between(next, 3, 8)
  const foldSlant = between(next, -0.5, 0.5)
  const drawn = next() < patterned ? pattern(next, tone) : () => tone
  return {
    tone,
    paint: (x, y) => drawn(x, y) * (1 - folds * wave((x + foldSlant * y) / foldWidth)),
  }
}

/** The same cloth in another light: seams and linings are darker, ribs and collars lighter. */
export function shaded({ paint }: Cloth, factor: number): Paint {
  return (x, y) => {
    const value = paint(x, y) * factor
    return value < 1 ? value : 1
  }
}

/** A line, button or print that stands out against a cloth by about `contrast`, to the side where there is room. */
export function against({ tone }: Cloth, contrast: number): Paint {
  const value = tone > 0.55 ? tone - contrast : tone + contrast
  const kept = value < 0.02 ? 0.02 : value > 1 ? 1 : value
  return () => kept
}

function pattern(next: Random, tone: number): Paint {
  const kind = Math.floor(next() * 4)
  const period = between(next, 2.5, 6)
  const phase = next()
  const depth = between(next, 0.15, 0.6)
  if (kind === 0) return (_, y) => tone * (1 - depth * band(y / period + phase))
  if (kind === 1) return x => tone * (1 - depth * band(x / period + phase))
  if (kind === 2) {
    return (x, y) => tone * (1 - (depth / 2) * (band(x / period + phase) + band(y / period + phase)))
  }
  return (_, y) => tone * (1 - (depth * y) / 28)
}

/** A triangle wave between 0 and 1 of period 1. */
function wave(t: number): number {
  const phase = t - Math.floor(t)
  return phase < 0.5 ? 2 * phase : 2 - 2 * phase
}

/** Stripes of period 1: 1 for half of it, 0 for the other half, with soft borders. */
function band(t: number): number {
  const steep = 2.5 * wave(t) - 0.75
  return steep < 0 ? 0 : steep > 1 ? 1 : steep
}
