import { decode } from 'fast-png'
import { expect } from 'vitest'
import { BOLD, textWidth } from '../../src/report/picture/text-width.ts'
import { type HtmlElement, readHtml } from './html.ts'

/** The colours of the largest numbers above and below 0, and of 0. */
export const DEEPEST_BLUE = [5, 48, 97]
export const DEEPEST_RED = [103, 0, 31]
export const WHITE = [255, 255, 255]

/** An image in a picture. */
export interface ShownImage {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** The file that is embedded, decoded. */
  readonly png: {
    readonly width: number
    readonly height: number
    readonly channels: number
    readonly data: ArrayLike<number> & Iterable<number>
  }
}

/** A piece of text in a picture. */
export interface ShownText {
  readonly text: string
  readonly class: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly anchor: string
  readonly isBold: boolean
  /** Degrees by which it is turned about its beginning, clockwise. */
  readonly turned: number
}

/** What a picture shows. */
export interface ShownPicture {
  readonly width: number
  readonly height: number
  readonly description: string
  readonly elements: readonly HtmlElement[]
  readonly images: readonly ShownImage[]
  readonly texts: readonly ShownText[]
}

/** Reads a picture back, with the pixels of its images. */
export function readPicture(svg: string): ShownPicture {
  const elements = readHtml(svg)
  const named = (name: string) => elements.filter(element => element.name === name)
  const images = named('image').map(({ attributes }) => {
    const [kind, base64] = attributes.href.split(',')
    expect(kind).toBe('data:image/png;base64')
    return { ...boxOf(attributes), png: decode(Buffer.from(base64, 'base64')) }
  })
  const texts = named('text').map(({ text, attributes }) => ({
    text,
    class: attributes.class,
    x: Number(attributes.x),
    y: Number(attributes.y),
    size: Number(attributes['font-size'] ?? 12),
    anchor: attributes['text-anchor'] ?? 'start',
    isBold: attributes['font-weight'] === '600',
    turned: turnedBy(attributes),
  }))
  const { width, height } = named('svg')[0].attributes
  expect(named('svg')[0].attributes.viewBox).toBe(`0 0 ${width} ${height}`)
  const description = named('desc')[0].text
  return { width: Number(width), height: Number(height), description, elements, images, texts }
}

function turnedBy({ transform, x, y }: HtmlElement['attributes']): number {
  if (transform === undefined) return 0
  const [, degrees, about] = /^rotate\((-?\d+) (.*)\)$/.exec(transform)!
  expect(about).toBe(`${x} ${y}`)
  return Number(degrees)
}

/** Throws unless all texts, images, bars, points, lines and frames lie within the picture, and no two texts overlap. */
export function expectNothingCut({ width, height, elements, images, texts }: ShownPicture): void {
  const named = (name: string) => elements.filter(each => each.name === name).map(each => each.attributes)
  const rects = named('rect').filter(rect => rect.class !== 'surface')
  const points = named('circle').map(({ cx, cy, r }) => square(Number(cx), Number(cy), Number(r)))
  const words = texts.map(wordCorners)
  const bars = rects.map(rect => corners(boxOf(rect)))
  const lines = named('path').map(({ d }) => pathPoints(d))
  const shapes = [...images.map(corners), ...bars, ...points, ...lines, ...words]
  expect(shapes.length).toBeGreaterThan(0)
  for (const shape of shapes) {
    const inside = shape.every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height)
    expect(inside, `${JSON.stringify(shape)} in ${width} × ${height}`).toBe(true)
  }
  for (const [i, a] of words.entries()) {
    for (const [j, b] of words.slice(0, i).entries()) {
      const apart = isApart(a, b) || isApart(b, a)
      if (!apart) expect.fail(`${JSON.stringify(texts[i])} lies upon ${JSON.stringify(texts[j])}`)
    }
  }
}

type Point = readonly [x: number, y: number]

/** A rectangle, turned or not, in order around it. */
type Corners = readonly Point[]

/** Where the straight lines of a path begin and end. */
function pathPoints(d: string): Point[] {
  let [x, y] = [0, 0]
  return [...d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)].map(([, command, numbers]) => {
    const [a, b = Number.NaN] = numbers.split(/[ ,]/).map(Number)
    if (command === 'M' || command === 'L') [x, y] = [a, b]
    else if (command === 'H') x = a
    else if (command === 'h') x += a
    else if (command === 'm' || command === 'l') [x, y] = [x + a, y + b]
    else if (command !== 'Z') throw new Error(`no command of a path that is known here: ${command}`)
    return [x, y] as const
  })
}

function wordCorners({ text, x, y, size, anchor, isBold, turned }: ShownText): Corners {
  const width = textWidth(text, isBold ? BOLD * size : size)
  const left = { start: 0, middle: -width / 2, end: -width }[anchor]!
  const [cos, sin] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)]
  // From the top of capitals to the bottom of commas.
  return corners({ x: left, y: -0.75 * size, width, height: size }).map(
    ([across, down]) => [x + cos * across - sin * down, y + sin * across + cos * down] as const,
  )
}

function corners({ x, y, width, height }: ReturnType<typeof boxOf>): Corners {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
}

const square = (x: number, y: number, half: number): Corners =>
  corners({ x: x - half, y: y - half, width: 2 * half, height: 2 * half })

/** Whether a line along one of the first rectangle's sides has the two on different sides of it, or touching it. */
function isApart(a: Corners, b: Corners): boolean {
  return [0, 1].some(side => {
    const [nx, ny] = [a[side + 1][0] - a[side][0], a[side + 1][1] - a[side][1]]
    const along = (all: Corners) => all.map(([x, y]) => nx * x + ny * y)
    const [ofA, ofB] = [along(a), along(b)]
    return Math.max(...ofA) <= Math.min(...ofB) || Math.max(...ofB) <= Math.min(...ofA)
  })
}

function boxOf({ x, y, width, height }: HtmlElement['attributes']) {
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
}
