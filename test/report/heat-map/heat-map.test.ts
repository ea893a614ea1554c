import { describe, expect, test } from 'vitest'
import { heatMap } from '../../../src/report/heat-map/heat-map.ts'
import { readPicture, type ShownPicture } from '../../support/picture.ts'

const draw = (values: readonly (readonly number[])[], width?: number) =>
  readPicture(
    heatMap('owner', {
      title: 'Title',
      width,
      theme: 'light',
      names: values.map((_, i) => `class ${i}`),
      values,
      digits: 2,
      unit: 'unit',
      down: 'down',
      across: 'across',
    }),
  )

/** The bars of the scale below the cells, which are the last ones and as high as no cell. */
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

describe('heatMap', () => {
  const row = Array.from({ length: 12 }, (_, i) => (i + 0.3) ** 2)
  const values = row.map((_, i) => row.map((_, j) => row[(i + j) % 12]))
  const largest = Math.max(...row)

  test.each([undefined, 300, 4000])(
    'has a scale with the colour of each value at its place, at width %s',
    width => {
      const shown = draw(values, width)
      const { bars, at } = scaleOf(shown)
      expect(bars.length).toBe(21)
      const cells = shown.elements.filter(
        ({ name, attributes }) =>
          name === 'rect' && /^heat/.test(attributes.class) && attributes.height !== '10',
      )
      expect(cells.length).toBe(144)
      for (const [i, { attributes }] of cells.entries()) {
        expect(at(values.flat()[i] / largest)).toBe(attributes.class)
      }
      const [zero, most] = shown.texts.slice(-2)
      expect([zero.text, zero.anchor, zero.x]).toEqual(['0', 'start', bars[0].x])
      expect([most.text, most.anchor]).toEqual([largest.toFixed(2), 'end'])
      expect(most.x).toBeCloseTo(bars[20].end, 1)
      expect(shown.texts.at(-3)!.text).toBe('unit')
    },
  )

  test('has no gap in its scale', () => {
    const { bars } = scaleOf(draw(values))
    for (const [i, { x }] of bars.slice(1).entries()) expect(x).toBeLessThanOrEqual(bars[i].end)
  })

  test('describes itself', () => {
    expect(
      draw([
        [0, 1.5],
        [2.25, 3],
      ]).description,
    ).toBe('2 by 2 numbers, down down and across across, the largest 3.00')
  })

  test('draws zeros without a cell', () => {
    const shown = draw([
      [0, 0],
      [0, 0],
    ])
    expect(shown.texts.filter(({ class: paint }) => paint === 'faint').map(({ text }) => text)).toEqual(
      Array(4).fill('0.00'),
    )
    expect(scaleOf(shown).bars.length).toBe(21)
    expect(shown.elements.filter(({ name }) => name === 'rect').length).toBe(22)
  })
})
