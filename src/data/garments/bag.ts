import type { Random } from '../../tensor/random.ts'
import { against, cloth, shaded } from './cloth.ts'
import { between, MIDDLE, mirrored, type Pen, rounded, symmetric } from './pen.ts'

/** Bag: a wide body with a handle above it, often a flap, a clasp or a zip. */
export function bag(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.2)
  const top = between(next, 8, 13)
  const bottom = between(next, 21, 26)
  const wide = between(next, 9.5, 13.2)
  const narrow = wide - between(next, 0, 3)
  const upside = next() < 0.25
  const [topWidth, bottomWidth] = upside ? [wide, narrow] : [narrow, wide]
  if (next() < 0.88) {
    const reach = between(next, 0.5, 0.95) * topWidth
    const rise = between(next, 1, top - 3)
    const handle = [
      ...[MIDDLE + reach, top + 1, MIDDLE + reach * 0.9, (top + rise) / 2],
      ...[MIDDLE + reach * 0.6, rise + 0.3, MIDDLE, rise],
    ]
    const paint = shaded(stuff, between(next, 0.6, 1.1))
    const width = between(next, 0.8, 1.8)
    pen.stroke(handle, width, paint)
    pen.stroke(mirrored(handle), width, paint)
  }
  const outline = symmetric([0, top, topWidth, top, bottomWidth, bottom, 0, bottom])
  pen.fill(next() < 0.5 ? rounded(outline) : outline, stuff.paint)
  const seam = shaded(stuff, between(next, 0.45, 0.85))
  const detail = next()
  if (detail < 0.4) {
    const flap = between(next, top + 4, (top + bottom) / 2 + 2)
    const edge = [MIDDLE - topWidth, top + 1, MIDDLE - topWidth * 0.7, flap]
    pen.stroke([...edge, MIDDLE + topWidth * 0.7, flap, MIDDLE + topWidth, top + 1], 0.7, seam)
    pen.line(MIDDLE, flap - 1, MIDDLE, flap + 1, 1.8, against(stuff, between(next, 0.2, 0.5)))
  } else if (detail < 0.7) {
    pen.line(MIDDLE - topWidth, top + 1.6, MIDDLE + topWidth, top + 1.6, 0.8, seam)
  } else if (detail < 0.85) {
    pen.line(MIDDLE - topWidth * 0.5, top, MIDDLE - bottomWidth * 0.5, bottom, 0.9, seam)
    pen.line(MIDDLE + topWidth * 0.5, top, MIDDLE + bottomWidth * 0.5, bottom, 0.9, seam)
  }
}
