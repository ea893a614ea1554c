import type { Random } from '../../tensor/random.ts'
import { cloth, shaded } from './cloth.ts'
import { between, MIDDLE, mirrored, type Pen } from './pen.ts'

/** Trouser: a waistband over two legs with a gap between them, or closed legs with a seam. */
export function trouser(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.2)
  const top = between(next, 0.8, 2.5)
  const bottom = between(next, 25, 27.5)
  const waist = between(next, 3.4, 4.8)
  const hip = waist + between(next, 0.2, 1)
  const crotch = top + between(next, 7, 10)
  const gap = between(next, 0, 1.6)
  const ankle = gap + between(next, 2, 4)
  const leg = [
    ...[MIDDLE - 0.01, top, MIDDLE + waist, top, MIDDLE + hip, crotch - 1, MIDDLE + ankle, bottom],
    ...[MIDDLE + gap, bottom, MIDDLE + 0.1, crotch, MIDDLE - 0.01, crotch],
  ]
  pen.fill(leg, stuff.paint)
  pen.fill(mirrored(leg), stuff.paint)
  const seam = shaded(stuff, between(next, 0.4, 0.85))
  pen.line(MIDDLE, top, MIDDLE, crotch + 0.5, 0.5, seam)
  pen.line(MIDDLE - waist, top + 1.2, MIDDLE + waist, top + 1.2, 0.5, seam)
  if (gap < 0.6) pen.line(MIDDLE, crotch, MIDDLE, bottom, 0.7, seam)
  if (next() < 0.4) {
    pen.line(MIDDLE + 1.5, top + 1.6, MIDDLE + waist, top + 3.6, 0.5, seam)
    pen.line(MIDDLE - 1.5, top + 1.6, MIDDLE - waist, top + 3.6, 0.5, seam)
  }
}
