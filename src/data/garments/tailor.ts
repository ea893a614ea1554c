import type { Random } from '../../tensor/random.ts'
import { against, type Cloth, shaded } from './cloth.ts'
import { between, MIDDLE, mirrored, type Pen, symmetric } from './pen.ts'

/** The measures of a garment with a body and two sleeves, in pixels; widths are from the middle. */
export interface Cut {
  readonly top: number
  readonly bottom: number
  readonly shoulder: number
  readonly chest: number
  readonly hem: number
  readonly neck: number
  readonly neckDepth: number
  readonly sleeveLength: number
  /** How far a sleeve goes outward for each pixel down. */
  readonly sleeveSpread: number
  readonly sleeveWidth: number
}

/** The range of sleeve lengths and spreads, in pixels. */
export const SHORT = { length: [4.5, 9.5], spread: [0.5, 1.3] } as const
export const LONG = { length: [16.5, 20.5], spread: [0.16, 0.4] } as const

/** Draws the measures of a top. */
export function cut(next: Random, sleeve: typeof SHORT | typeof LONG): Cut {
  const chest = between(next, 5.8, 7.4)
  return {
    top: between(next, 1.8, 3),
    bottom: between(next, 24, 26.8),
    shoulder: chest - between(next, 0, 0.8),
    chest,
    hem: chest + between(next, -0.6, 1),
    neck: between(next, 2, 3.6),
    neckDepth: between(next, 0.8, 2.6),
    sleeveLength: between(next, sleeve.length[0], sleeve.length[1]),
    sleeveSpread: between(next, sleeve.spread[0], sleeve.spread[1]),
    sleeveWidth: between(next, 2.6, 3.8),
  }
}

/** The body from neck to hem, without sleeves. */
export function body(pen: Pen, c: Cut, stuff: Cloth): void {
  const neckSide = c.neck * 0.7
  pen.fill(
    symmetric([
      ...[0, c.top + c.neckDepth, neckSide, c.top + c.neckDepth * 0.6, c.neck, c.top],
      ...[c.shoulder, c.top + 1.3, c.chest, c.top + 7, c.hem, c.bottom - 0.4],
      ...[c.hem - 0.8, c.bottom, 0, c.bottom],
    ]),
    stuff.paint,
  )
}

/** Both sleeves, from shoulder and armpit to the cuff, a little darker than the body so that the seams show. */
export function sleeves(pen: Pen, c: Cut, stuff: Cloth, light: number): void {
  const norm = Math.sqrt(1 + c.sleeveSpread * c.sleeveSpread)
  const [ux, uy] = [c.sleeveSpread / norm, 1 / norm]
  const shoulderX = MIDDLE + c.shoulder - 0.4
  const shoulderY = c.top + 1.2
  const endX = shoulderX + c.sleeveLength * ux
  const endY = shoulderY + c.sleeveLength * uy
  const elbowX = shoulderX + (c.sleeveLength / 2) * ux + 0.5
  const elbowY = shoulderY + (c.sleeveLength / 2) * uy
  const outline = [
    ...[shoulderX - 1.5, shoulderY - 0.5, shoulderX + 0.8, shoulderY + 0.3],
    ...[elbowX + 0.35 * c.sleeveWidth * uy, elbowY - 0.35 * c.sleeveWidth * ux],
    ...[endX + 0.4 * c.sleeveWidth * uy, endY - 0.4 * c.sleeveWidth * ux],
    ...[endX - 0.6 * c.sleeveWidth * uy, endY + 0.6 * c.sleeveWidth * ux],
    ...[elbowX - 0.9 * c.sleeveWidth * uy, elbowY + 0.9 * c.sleeveWidth * ux],
    ...[MIDDLE + c.chest - 0.8, c.top + 7],
  ]
  const paint = shaded(stuff, light)
  pen.fill(outline, paint)
  pen.fill(mirrored(outline), paint)
}

/** A line along the neck. */
export function collarLine(pen: Pen, c: Cut, stuff: Cloth, contrast: number): void {
  const paint = against(stuff, contrast)
  const points = [c.neck, c.top, c.neck * 0.7, c.top + c.neckDepth * 0.6, 0, c.top + c.neckDepth]
  const right = points.map((value, i) => (i % 2 === 0 ? MIDDLE + value : value + 0.3))
  pen.stroke(right, 0.8, paint)
  pen.stroke(mirrored(right), 0.8, paint)
}
