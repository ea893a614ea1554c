import type { Random } from '../../tensor/random.ts'
import { against, cloth, shaded } from './cloth.ts'
import { between, MIDDLE, mirrored, type Pen, symmetric } from './pen.ts'
import { body, type Cut, collarLine, cut, LONG, SHORT, sleeves } from './tailor.ts'

/** T-shirt/top: short sleeves or none, a round neck, sometimes a print. */
export function tShirt(pen: Pen, next: Random): void {
  const c = cut(next, SHORT)
  const stuff = cloth(next, 0.35)
  if (next() < 0.88) sleeves(pen, c, stuff, between(next, 0.75, 0.98))
  body(pen, c, stuff)
  if (next() < 0.4) {
    const width = between(next, 1.5, 4.5)
    const y = between(next, 8, 11)
    const height = between(next, 2, 8)
    pen.fill(
      symmetric([0, y, width, y, width, y + height, 0, y + height]),
      against(stuff, between(next, 0.1, 0.5)),
    )
  }
  if (next() < 0.5) collarLine(pen, c, stuff, between(next, 0.05, 0.3))
}

/** Pullover: long sleeves, ribs at neck, cuffs and hem, closed in front. */
export function pullover(pen: Pen, next: Random): void {
  const c = cut(next, LONG)
  const stuff = cloth(next, 0.4)
  sleeves(pen, c, stuff, between(next, 0.68, 0.95))
  body(pen, c, stuff)
  const rib = shaded(stuff, between(next, 0.7, 1.15))
  const ribHeight = between(next, 0.8, 2)
  pen.fill(
    symmetric([0, c.bottom - ribHeight, c.hem, c.bottom - ribHeight, c.hem, c.bottom, 0, c.bottom]),
    rib,
  )
  if (next() < 0.3) {
    const high = c.top - between(next, 0.6, 1.6)
    pen.fill(symmetric([0, high, c.neck, high, c.neck + 0.3, c.top + 1.4, 0, c.top + c.neckDepth]), rib)
  } else {
    collarLine(pen, c, stuff, between(next, 0.05, 0.3))
  }
}

/** Shirt: a pointed collar and a row of buttons; sleeves short or long. */
export function shirt(pen: Pen, next: Random): void {
  const c = cut(next, next() < 0.4 ? SHORT : LONG)
  const stuff = cloth(next, 0.5)
  sleeves(pen, c, stuff, between(next, 0.7, 0.97))
  body(pen, c, stuff)
  const seam = against(stuff, between(next, 0.04, 0.32))
  const open = c.top + c.neckDepth
  const button = against(stuff, between(next, 0.1, 0.45))
  if (next() < 0.85) {
    const end = next() < 0.8 ? c.bottom - 0.3 : between(next, 9, 13)
    pen.line(MIDDLE, open, MIDDLE, end, between(next, 0.4, 0.9), seam)
    for (let y = open + 1.5; y < end - 0.5; y += 3.2) pen.line(MIDDLE, y, MIDDLE, y + 0.9, 0.9, button)
  }
  const flap = [MIDDLE + c.neck + 0.4, c.top - 0.5, MIDDLE + c.neck, c.top + 2.6, MIDDLE + 0.2, open + 0.2]
  const collar = shaded(stuff, between(next, 0.75, 1.25))
  pen.fill(flap, collar)
  pen.fill(mirrored(flap), collar)
  if (next() < 0.3) {
    pen.stroke([MIDDLE + 1.8, 9.5, MIDDLE + 4.6, 9.5, MIDDLE + 4.6, 12.5, MIDDLE + 1.8, 12.5], 0.5, seam)
  }
}

/** Coat: long sleeves, longer and wider, open in front, with lapels, and often pockets or a belt. */
export function coat(pen: Pen, next: Random): void {
  const c = { ...cut(next, LONG), bottom: between(next, 25.2, 27.4) }
  const stuff = cloth(next, 0.2)
  sleeves(pen, c, stuff, between(next, 0.65, 0.95))
  body(pen, c, stuff)
  const dark = shaded(stuff, between(next, 0.35, 0.8))
  const close = between(next, 6.5, 14)
  if (next() < 0.7) {
    const lining = symmetric([0, c.top, c.neck, c.top, c.neck - 0.4, c.top + 2, 0, close])
    pen.fill(lining, shaded(stuff, between(next, 0.15, 0.7)))
    pen.stroke([MIDDLE + c.neck, c.top, MIDDLE + c.neck + 0.6, 7, MIDDLE, close], 0.5, dark)
    pen.stroke([MIDDLE - c.neck, c.top, MIDDLE - c.neck - 0.6, 7, MIDDLE, close], 0.5, dark)
  }
  pen.line(MIDDLE, close, MIDDLE, c.bottom, between(next, 0.5, 1.3), dark)
  if (next() < 0.5) {
    const y = between(next, 16, 19)
    pen.line(MIDDLE + 2, y, MIDDLE + 5, y - 0.6, 0.7, dark)
    pen.line(MIDDLE - 2, y, MIDDLE - 5, y - 0.6, 0.7, dark)
  }
  if (next() < 0.25) pen.line(MIDDLE - c.chest, 15, MIDDLE + c.chest, 15, between(next, 1, 1.8), dark)
}

/** Dress: narrow, from straps or short sleeves over a waist to a skirt. */
export function dress(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.4)
  const top = between(next, 0.8, 2.2)
  const bottom = between(next, 25, 27.2)
  const chest = between(next, 3.4, 5)
  const waist = chest - between(next, 0.2, 1.2)
  const waistY = between(next, 10, 14)
  const hem = waist + between(next, 0.6, 5)
  const neck = chest - between(next, 0.7, 1.6)
  const neckDepth = between(next, 1, 4)
  const long = next() < 0.2
  const c: Cut = {
    top,
    bottom,
    shoulder: chest - 0.2,
    chest,
    hem,
    neck,
    neckDepth,
    sleeveLength: long ? between(next, 12, 17) : between(next, 2.5, 6),
    sleeveSpread: long ? between(next, 0.15, 0.35) : between(next, 0.4, 0.9),
    sleeveWidth: between(next, 1.7, 2.5),
  }
  if (next() < 0.5) sleeves(pen, c, stuff, between(next, 0.75, 0.98))
  const shoulderY = top + 0.8
  const hip = (waist + hem) / 2 + between(next, 0, 0.8)
  pen.fill(
    symmetric([
      ...[0, top + neckDepth, neck * 0.8, top + neckDepth * 0.6, neck, top, chest - 0.2, shoulderY],
      ...[chest - 0.3, top + 4, chest, 7, waist, waistY, hip, (waistY + bottom) / 2, hem, bottom, 0, bottom],
    ]),
    stuff.paint,
  )
  if (next() < 0.45) {
    pen.line(MIDDLE - waist, waistY, MIDDLE + waist, waistY, between(next, 0.6, 1.6), against(stuff, 0.25))
  }
}
