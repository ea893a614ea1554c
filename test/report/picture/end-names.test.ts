import { describe, expect, test } from 'vitest'
import { endNames, widthOfNames } from '../../../src/report/picture/end-names.ts'
import { picture } from '../../../src/report/picture/picture.ts'
import { textWidth } from '../../../src/report/picture/text-width.ts'
import { expectNothingCut, readPicture } from '../../support/picture.ts'

const AT = { x: 200, y: 40, height: 200 }

const small = { name: 'small', detail: 'best 0.91', fill: 'series-1', x: 170, y: 100 }
const large = { name: 'a much larger one', detail: 'best 0.9250', fill: 'series-2', x: 160, y: 104 }

/** The names, and the points between which the lines to them go. */
function read(ends: Parameters<typeof endNames>[0], width: number) {
  const whole = { width: AT.x + width, height: 280, title: '', description: '', theme: 'light' } as const
  const shown = readPicture(picture(whole, endNames(ends, { ...AT, width })))
  expectNothingCut(shown)
  const leaders = shown.elements
    .filter(({ name }) => name === 'path')
    .map(({ attributes }) =>
      attributes.d
        .slice(1)
        .split('L')
        .map(point => point.split(',').map(Number)),
    )
  return { leaders, words: shown.texts.filter(({ text }) => text !== '') }
}

describe('endNames', () => {
  test('writes the name and what there is to say beside the end of its line', () => {
    const { words, leaders } = read([small], 200)
    expect(words.map(({ text, class: paint, x }) => [text, paint, x])).toEqual([
      ['small', 'series-1', 200],
      ['best 0.91', 'muted', 200],
    ])
    expect(words.map(({ y }) => y)).toEqual([96.5, 111.5])
    expect(leaders).toEqual([
      [
        [176, 100],
        [194, 100],
      ],
    ])
  })

  test('moves names apart that are too near, and leads to them from their ends', () => {
    const { words, leaders } = read([small, large], 200)
    const [first, , second] = words
    expect(second.y - first.y).toBe(36)
    expect(leaders).toEqual([
      [
        [176, 100],
        [194, 84],
      ],
      [
        [166, 104],
        [194, 120],
      ],
    ])
  })

  test('cuts a name that has no room, and leaves out what it would have to cut else', () => {
    const width = textWidth('a much l…', 12)
    expect(read([large], width).words.map(({ text }) => text)).toEqual(['a much l…'])
    expect(read([small], textWidth('best 0.9', 12)).words.map(({ text }) => text)).toEqual(['small'])
  })

  test('has a name in the middle where there is nothing more to say', () => {
    const [word] = read([{ ...small, detail: '' }], 200).words
    expect(word.y).toBe(104)
  })
})

test('widthOfNames is that of the widest', () => {
  expect(widthOfNames([small, large])).toBe(textWidth('a much larger one', 12))
  expect(widthOfNames([small])).toBe(textWidth('best 0.91', 12))
  expect(widthOfNames([])).toBe(0)
})
