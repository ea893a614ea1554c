import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { legend } from '../../../src/report/picture/legend.ts'
import { picture } from '../../../src/report/picture/picture.ts'
import { textWidth } from '../../../src/report/picture/text-width.ts'
import { expectNothingCut, readPicture } from '../../support/picture.ts'

const AT = { x: 16, y: 40 }

const solid = { class: 'line-1' }
const dashed = { class: 'line-2', 'stroke-dasharray': '7 4' }

/** The samples and the names of a legend, which must lie within its width and its height. */
function read(names: readonly string[], width: number, lines = [solid]) {
  const entries = names.map(name => ({ name, lines }))
  const { svg, height } = legend(entries, { ...AT, width })
  const whole = {
    width: AT.x + width,
    height: AT.y + height,
    title: '',
    description: '',
    theme: 'light',
  } as const
  const shown = readPicture(picture(whole, svg))
  const samples = shown.elements
    .filter(({ name }) => name === 'path')
    .map(({ attributes: { d, ...style } }) => {
      const [x, y, length] = /^M([\d.]+),([\d.]+)h(\d+)$/.exec(d)!.slice(1).map(Number)
      return { x, y, length, style }
    })
  return { shown, height, samples, words: shown.texts.filter(({ size }) => size === 12) }
}

describe('legend', () => {
  test('has a sample of each line before its name', () => {
    const { samples, words, height } = read(['training', 'validation'], 400)
    expect(words.map(({ text }) => text)).toEqual(['training', 'validation'])
    expect(samples.map(({ style }) => style)).toEqual([solid, solid])
    expect(new Set(samples.map(({ y }) => y)).size).toBe(1)
    for (const [i, { x, length }] of samples.entries()) expect(words[i].x).toBeGreaterThan(x + length)
    expect(samples[0].x).toBe(AT.x)
    expect(height).toBe(20)
  })

  test('has samples of several lines of one name above each other', () => {
    const { samples, words } = read(['both'], 400, [solid, dashed])
    expect(samples.map(({ style }) => style)).toEqual([solid, dashed])
    expect(samples[0].x).toBe(samples[1].x)
    expect(samples[1].y).toBe(samples[0].y + 5)
    expect(words.map(({ text }) => text)).toEqual(['both'])
  })

  test('goes on in the next line where a name has no room, and cuts one that has none in a whole line', () => {
    const { words, height } = read(['first', 'a second one', 'W'.repeat(40)], 160)
    expect(words.map(({ text }) => text)).toEqual(['first', 'a second one', 'WWWWWWWWW…'])
    expect(words.map(({ y }) => y - words[0].y)).toEqual([0, 20, 40])
    expect(words.map(({ x }) => x)).toEqual(Array(3).fill(words[0].x))
    expect(height).toBe(60)
  })

  test('keeps names and samples apart, whatever they are', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(names, fc.integer({ min: 80, max: 900 }), (names, width) => {
        const { shown, samples, words } = read(names, width)
        expectNothingCut(shown)
        for (const [i, word] of words.entries()) {
          const next = samples[i + 1]
          const isBeside = next !== undefined && Math.abs(next.y - word.y) < 10
          if (isBeside) expect(next.x).toBeGreaterThanOrEqual(word.x + textWidth(word.text, 12) + 20)
        }
      }),
    )
  })
})
