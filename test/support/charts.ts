import { expect } from 'vitest'
import type { HtmlElement } from './html.ts'
import type { ShownPicture, ShownText } from './picture.ts'

/** A line of a chart, read back. */
export interface ShownLine {
  readonly attributes: HtmlElement['attributes']
  /** Runs of points between gaps, in the picture's pixels. */
  readonly runs: readonly (readonly (readonly [x: number, y: number])[])[]
}

/** The lines of all plots, without the samples of a legend. */
export function linesOf({ elements }: ShownPicture): ShownLine[] {
  return elements
    .filter(({ name, attributes }) => name === 'path' && /^line-/.test(attributes.class))
    .filter(({ attributes }) => !attributes.d.includes('h'))
    .map(({ attributes }) => ({ attributes, runs: runsOf(attributes.d) }))
}

function runsOf(d: string): [number, number][][] {
  return d
    .split('M')
    .slice(1)
    .map(run => run.replace('Z', '').split('L').map(pointOf))
}

function pointOf(text: string): [number, number] {
  const [x, y] = text.split(',').map(Number)
  expect(Number.isFinite(x) && Number.isFinite(y), text).toBe(true)
  return [x, y]
}

/** What a number beside an axis says; NaN for other texts. */
export const numberIn = (text: string): number =>
  text === '' ? Number.NaN : Number(text.replaceAll('−', '-').replaceAll(',', ''))

/** The numbers beside the axes of a chart with one plot, and what they say about its points. */
export function axesOf({ texts }: ShownPicture) {
  const numbers = texts.filter(text => text.class === 'muted' && !Number.isNaN(numberIn(text.text)))
  const beside = numbers.filter(({ anchor }) => anchor === 'end')
  const below = numbers.filter(({ anchor }) => anchor === 'middle')
  return {
    values: beside.map(({ text }) => text),
    epochs: below.map(({ text }) => Number(text)),
    /** The value at a height; its number stands a little below. */
    valueAt: through(beside, ({ y }) => y - 4),
    epochAt: through(below, ({ x }) => x),
  }
}

/** The straight line through the first and the last number. */
function through(numbers: readonly ShownText[], placeOf: (text: ShownText) => number) {
  const [first, last] = [numbers[0], numbers[numbers.length - 1]]
  const [from, to] = [numberIn(first.text), numberIn(last.text)]
  return (place: number) =>
    from + ((to - from) * (place - placeOf(first))) / (placeOf(last) - placeOf(first) || 1)
}
