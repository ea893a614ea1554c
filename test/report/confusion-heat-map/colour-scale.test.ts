import { describe, expect, test } from 'vitest'
import { confusionHeatMap } from '../../../src/report/confusion-heat-map.ts'
import { tensor } from '../../../src/tensor/tensor.ts'
import { readPicture, type ShownPicture } from '../../support/picture.ts'

/** The bars of the scale below the cells, which are as high as no cell. */
function scaleOf({ elements }: ShownPicture) {
  const bars = elements
    .filter(({ name, attributes }) => name === 'rect' && attributes.height === '10')
    .map(({ attributes }) => ({
      class: attributes.class,
      x: Number(attributes.x),
      end: Number(attributes.x) + Number(attributes.width),
    }))
  /** The class of the uppermost bar at a share of the scale. */
  const at = (share: number) => {
    const x = bars[0].x + share * (bars.at(-1)!.end - bars[0].x)
    return bars.findLast(bar => bar.x <= x && x <= bar.end)?.class
  }
  return { bars, at }
}

describe('colourScale', () => {
  const row = Array.from({ length: 12 }, (_, i) => (i + 0.3) ** 2)
  const values = row.flatMap((_, i) => row.map((_, j) => row[(i + j) % 12]))
  const largest = Math.max(...row)
  const draw = (width?: number) =>
    readPicture(confusionHeatMap(tensor(Float64Array.from(values), [12, 12]), { width }))

  test.each([undefined, 300, 4000])('has the colour of each value at its place, at width %s', width => {
    const shown = draw(width)
    const { bars, at } = scaleOf(shown)
    expect(bars.length).toBe(21)
    const cells = shown.elements.filter(
      ({ name, attributes }) =>
        name === 'rect' && /^heat/.test(attributes.class) && attributes.height !== '10',
    )
    expect(cells.length).toBe(144)
    for (const [i, { attributes }] of cells.entries()) expect(at(values[i] / largest)).toBe(attributes.class)
    const [zero, most] = shown.texts.slice(-2)
    expect([zero.text, zero.anchor, zero.x]).toEqual(['0', 'start', bars[0].x])
    expect([most.text, most.anchor]).toEqual([largest.toFixed(2), 'end'])
    expect(most.x).toBeCloseTo(bars[20].end, 1)
  })

  test('has no gap', () => {
    const { bars } = scaleOf(draw())
    for (const [i, { x }] of bars.slice(1).entries()) expect(x).toBeLessThanOrEqual(bars[i].end)
  })
})
