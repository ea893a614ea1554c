import type { Random } from '../../tensor/random.ts'
import { against, type Cloth, cloth, shaded } from './cloth.ts'
import { between, type Pen, rounded } from './pen.ts'

/** Shoes are seen from the side with the toe to the left; a sneaker stands on this line. */
const GROUND = 20

/** Sneaker: low, with a thick sole of another tone, laces, and often stripes on the side. */
export function sneaker(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.1)
  const ankle = between(next, 6.5, 12)
  const toe = between(next, 13.8, 16)
  const opening = between(next, 15.5, 18)
  upper(pen, stuff, ankle, toe, opening)
  const thick = between(next, 1.2, 2.6)
  const sole = next() < 0.8 ? against(stuff, between(next, 0.15, 0.5)) : shaded(stuff, 0.8)
  pen.fill(rounded([1, GROUND - thick, 27, GROUND - thick, 27.2, GROUND + 0.4, 1.2, GROUND + 0.4]), sole)
  const lace = against(stuff, between(next, 0.1, 0.5))
  for (let i = 0; i < 3; i++) {
    const x = opening - 1.5 - 2.2 * i
    const y = ankle + 1.8 + (toe - ankle) * 0.24 * i
    pen.line(x - 0.8, y - 0.6, x + 1.2, y + 1.4, 0.7, lace)
  }
  const stripes = Math.floor(next() * 4)
  const mark = against(stuff, between(next, 0.15, 0.5))
  for (let i = 0; i < stripes; i++) pen.line(14 + 2.4 * i, 17.6, 16.4 + 2.4 * i, 13.5, 0.9, mark)
}

/** Ankle boot: a shaft over the ankle, a sole and often a heel. */
export function ankleBoot(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.1)
  const heel = between(next, 0.6, 4.5)
  const top = between(next, 2, 8)
  const floor = 23.5
  const ball = floor - between(next, 0.4, 1.2)
  const front = between(next, 12.5, 15.5)
  const back = between(next, 25, 26.8)
  const arch = floor - heel
  pen.fill(
    rounded([
      ...[front + between(next, -0.6, 1), top, front, top, front - 0.4, 11, front - 2, 14.5],
      ...[5, 17.5, 1.5, 20],
      ...[1.4, ball, 1.6, ball + 0.3, 10, ball + 0.3, 16, arch + 0.3, back, arch + 0.3, back + 0.3, arch],
      ...[back, 13, back, top - 0.6, back, top - 0.6, back - 1, top - 0.8],
    ]),
    stuff.paint,
  )
  const sole = next() < 0.6 ? shaded(stuff, between(next, 0.4, 0.8)) : against(stuff, between(next, 0.1, 0.4))
  pen.fill([1.4, ball - 0.2, 10, ball - 0.2, 16.5, arch, 16.5, arch + 0.8, 10, floor, 1.6, floor], sole)
  const width = between(next, 2.2, 7)
  pen.fill([back - width, arch, back + 0.2, arch, back, floor, back - width + 0.6, floor], sole)
  const seam = shaded(stuff, between(next, 0.45, 0.85))
  const detail = next()
  if (detail < 0.35) pen.line(front, 12, back, 13, between(next, 0.6, 1.4), seam)
  else if (detail < 0.6) pen.line(19.5, top + 0.5, 20.5, arch - 2, 0.8, seam)
  else if (detail < 0.85) {
    for (let y = top + 1.5; y < 15; y += 2.4) pen.line(front - 1, y, front + 2, y + 0.8, 0.7, seam)
  }
}

/** Sandal: a sole, flat, wedged or on a heel, with straps and nothing between them. */
export function sandal(pen: Pen, next: Random): void {
  const stuff = cloth(next, 0.1)
  const heel = next() < 0.45 ? between(next, 0, 1.5) : between(next, 3, 9)
  const floor = 22
  const rise = floor - 1.4 - heel
  const strap = next() < 0.5 ? stuff.paint : against(stuff, between(next, 0.1, 0.4))
  const width = between(next, 1, 2.2)
  const toeX = between(next, 4, 7)
  const vamp = [toeX, floor - 1.4, toeX + 2, floor - 4.2, toeX + 5.5, floor - 4.4 - heel * 0.15]
  pen.stroke([...vamp, toeX + 7, floor - 1.6 - heel * 0.3], width, strap)
  const thin = width * 0.8
  if (next() < 0.6) pen.stroke([toeX + 3, floor - 1.5, toeX + 6.5, floor - 5.5 - heel * 0.3], thin, strap)
  const ankleY = rise - between(next, 4, 8)
  if (next() < 0.8) {
    pen.stroke([25.6, rise, 25.8, ankleY + 1, 24, ankleY, 18, ankleY + 1, 17.5, ankleY + 2.5], thin, strap)
    pen.line(17.8, ankleY + 1, between(next, 12, 18), rise + 1, thin, strap)
  }
  if (next() < 0.35) pen.line(toeX + 5, floor - 4, 18, ankleY + 1, thin, strap)
  const footbed = [1.5, floor - 1.2, 9, floor - 1.4, 17, rise, 26.5, rise - 0.3]
  const underside = [26.5, rise + 1.2, 18, rise + 1.6, 10, floor, 1.6, floor]
  pen.fill([...footbed, ...underside], shaded(stuff, between(next, 0.7, 1.1)))
  if (heel < 1.5) return
  const base =
    next() < 0.4
      ? [11, floor - 0.3, 18, rise + 1, 26.4, rise + 1, 25.6, floor]
      : [23 - heel * 0.1, rise + 1, 26.4, rise + 1, 25.8, floor, 24.4, floor]
  pen.fill(base, shaded(stuff, between(next, 0.6, 0.95)))
}

/** The body of a low shoe over the ground: a toe cap, a slope for the laces, the opening, the heel. */
function upper(pen: Pen, stuff: Cloth, ankle: number, toe: number, opening: number): void {
  pen.fill(
    rounded([
      ...[0.9, GROUND, 1, toe + 1.6, 3.5, toe, 8, toe - 0.4, opening - 1, ankle + 0.4, opening, ankle - 0.3],
      ...[opening + 3, ankle + 1.6, 24, ankle + 0.6, 26.2, ankle - 0.8],
      ...[26.8, ankle + 2, 27, GROUND, 27, GROUND],
    ]),
    stuff.paint,
  )
}
