import { decode } from 'fast-png'
import { expect } from 'vitest'
import { textWidth } from '../../src/report/picture/text-width.ts'
import { type HtmlElement, readHtml } from './html.ts'

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
  }))
  const { width, height } = named('svg')[0].attributes
  expect(named('svg')[0].attributes.viewBox).toBe(`0 0 ${width} ${height}`)
  const description = named('desc')[0].text
  return { width: Number(width), height: Number(height), description, elements, images, texts }
}

/** Throws unless all texts, images, bars and frames lie within the picture, and no two texts overlap. */
export function expectNothingCut({ width, height, elements, images, texts }: ShownPicture): void {
  const rects = elements.filter(({ name, attributes }) => name === 'rect' && attributes.class !== 'surface')
  const words = texts.map(wordBox)
  const boxes = [...images, ...words, ...rects.map(({ attributes }) => boxOf(attributes))]
  expect(boxes.length).toBeGreaterThan(0)
  for (const box of boxes) {
    const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
    expect(inside, `${JSON.stringify(box)} in ${width} × ${height}`).toBe(true)
  }
  for (const [i, a] of words.entries()) {
    for (const b of words.slice(0, i)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(apart, `${a.text} beside ${b.text}`).toBe(true)
    }
  }
}

function wordBox({ text, x, y, size, anchor }: ShownText) {
  const width = textWidth(text, size)
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor]!
  // From the top of capitals to the bottom of commas.
  return { text, x: left, y: y - 0.75 * size, width, height: size }
}

function boxOf({ x, y, width, height }: HtmlElement['attributes']) {
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
}
