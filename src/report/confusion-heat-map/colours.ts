import { type Palette, type Theme, themed } from '../picture/theme.ts'

/** How much of the first series' colour a cell has that stands for nothing, so that it is seen to be one. */
const TINT = 0.06

/** How many steps the colours between nothing and everything have. */
export const HEAT_STEPS = 20

/**
 * The classes by which a cell shows how much there is, from 0 to 1: a fill between a tinted surface and the first series'
 * colour, and one for a number upon it, black or white, whichever stands out more.
 */
export function heatClasses(amount: number): { cell: string; number: string } {
  // Little shows more than its share, or the few mistakes of a good model could not be seen beside what it does right.
  const step = Math.round(HEAT_STEPS * Math.sqrt(amount))
  return { cell: `heat-${step}`, number: `on-heat-${step}` }
}

/** Up to which amount cells have the colour of a step. */
export function heatEnd(step: number): number {
  return Math.min(1, ((step + 0.5) / HEAT_STEPS) ** 2)
}

/** The rules for these classes. */
export function heatStyles(theme: Theme): string {
  return themed(theme, palette =>
    Array.from({ length: HEAT_STEPS + 1 }, (_, step) => {
      const colour = mix(palette, TINT + ((1 - TINT) * step) / HEAT_STEPS).map(Math.round)
      // Whatever the colour, black or white has a contrast of 4.5 : 1 with it.
      const number = luminance(colour) > 0.18 ? '#000' : '#fff'
      const fill = `rgb(${colour.join(',')})`
      return `.picture .heat-${step}{fill:${fill}}.picture .on-heat-${step}{fill:${number}}`
    }).join(''),
  )
}

/** The colour that lies at `amount` of the way from the surface to the first series' colour. */
function mix({ surface, series }: Palette, amount: number): number[] {
  const [from, to] = [surface, series[0]].map(channels)
  return from.map((value, i) => value + amount * (to[i] - value))
}

/** The red, green and blue of `#rrggbb`. */
function channels(colour: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
}

/** Relative luminance. Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: readonly number[]): number {
  const [red, green, blue] = colour.map(channel => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
