import { describe, expect, test } from 'vitest'
import { type ChartLine, lineChart } from '../../../src/report/picture/line-chart.ts'
import { picture } from '../../../src/report/picture/picture.ts'
import { axesOf, linesOf } from '../../support/charts.ts'
import { expectClose } from '../../support/compare.ts'
import { expectNothingCut, readPicture } from '../../support/picture.ts'

const line = (values: readonly number[], more: Partial<ChartLine> = {}): ChartLine => ({
  epochs: values.map((_, i) => i + 1),
  values,
  style: { class: 'line-1' },
  fill: 'series-1',
  ...more,
})

function draw(lines: readonly ChartLine[], title: string, remarks: readonly string[] = [], width = 300) {
  const chart = lineChart(lines, { x: 16, y: 40, width, height: 200 }, { title, remarks })
  const frame = { title: '', description: '', width: width + 32, height: 256, theme: 'light' } as const
  const shown = readPicture(picture(frame, chart))
  expectNothingCut(shown)
  return shown
}

/** What stands above the plot. */
const above = (shown: ReturnType<typeof draw>) =>
  shown.texts.filter(({ y, text }) => y === 52 && text !== '').map(({ text }) => text)

describe('lineChart', () => {
  test('writes the first remark that has room beside the title, or beside two fifths of it, cut', () => {
    const remarks = ['a remark of a good many words', 'remark']
    const long = 'a title of many words '.repeat(4)
    expect(above(draw([line([1])], 'loss', remarks))).toEqual(['loss', remarks[0]])
    expect(above(draw([line([1])], 'a title of many words', remarks))).toEqual([
      'a title of many words',
      'remark',
    ])
    expect(above(draw([line([1])], long, remarks))).toEqual([
      expect.stringMatching(/^a title of many.*…$/),
      'remark',
    ])
    expect(above(draw([line([1])], long, ['W'.repeat(30)]))).toEqual([expect.stringMatching(/^a title .*…$/)])
  })

  test('has a higher plot where nothing stands above it', () => {
    const topOf = (shown: ReturnType<typeof draw>) => Math.min(...linesOf(shown)[0].runs[0].map(([, y]) => y))
    const bare = draw([line([0, 1])], '')
    expect(topOf(bare)).toBe(topOf(draw([line([0, 1])], 'loss')) - 18)
    expect(above(draw([line([0, 1])], '', ['remark']))).toEqual(['remark'])
  })

  test('leads from the last number of a line to its name', () => {
    const end = { name: 'name', detail: '' }
    for (const values of [
      [3, 1, 2],
      [3, 1, 2, Number.NaN],
      [Number.NaN, 2],
    ]) {
      const shown = draw([line([3, 1, 1, 1]), line(values, { end })], 'loss')
      const last = values.findLastIndex(Number.isFinite)
      const leader = shown.elements.find(
        ({ attributes }) => attributes.d?.includes('L') && attributes.class === 'grid',
      )!
      const [x, y] = leader.attributes.d.slice(1).split('L')[0].split(',').map(Number)
      const { epochAt, valueAt } = axesOf(shown)
      expectClose([epochAt(x - 6), valueAt(y)], [last + 1, values[last]], { rtol: 0, atol: 0.01 })
    }
  })

  test('draws the later lines over those before', () => {
    const lines = [line([1, 2]), line([2, 1], { style: { class: 'line-2', 'stroke-width': 3 } })]
    const drawn = linesOf(draw(lines, 'loss')).map(({ attributes }) => [
      attributes.class,
      attributes['stroke-width'],
    ])
    expect(drawn).toEqual([
      ['line-1', undefined],
      ['line-2', '3'],
    ])
  })

  test('has a plot with axes even where no number is finite', () => {
    const shown = draw([line([Number.NaN, Number.NaN], { end: { name: 'name', detail: '' } })], 'loss')
    expect(axesOf(shown).values.length).toBeGreaterThan(1)
    expect(axesOf(shown).epochs).toEqual([1, 2])
    expect(linesOf(shown)[0].attributes.d).toBe('')
    const isLeader = (d = '') => d.includes('L')
    const leader = shown.elements.find(({ attributes }) => isLeader(attributes.d))!.attributes.d
    const [name] = shown.texts.filter(({ text }) => text === 'name')
    const [from, to] = leader
      .slice(1)
      .split('L')
      .map(point => Number(point.split(',')[0]))
    expect(from).toBeLessThan(to)
    expect([name.x - from, name.x - to]).toEqual([16, 6])
  })
})
