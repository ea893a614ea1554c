import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, padEnd, padStart, visibleWidth } from '../../src/text/width.ts'

const RED = '\x1b[31m'
const RESET = '\x1b[0m'

/** Texts of plain, accented, wide and coloured letters, emoji of several code points among them. */
const texts = fc
  .array(
    fc.constantFrom('a', 'é', 'e\u0301', '運', '한', 'ア', '👟', '👩🏽‍🚀', '✗', '━', '…', ' ', RED, RESET),
  )
  .map(parts => parts.join(''))

describe('visibleWidth', () => {
  test.each([
    ['', 0],
    ['Sneaker', 7],
    ['café', 4],
    ['cafe\u0301', 4],
    ['運動靴', 6],
    ['운동화', 6],
    ['ｱ', 1],
    ['（）', 4],
    ['👟', 2],
    ['👩🏽‍🚀', 2],
    ['❤\ufe0f', 2],
    ['✗ × … — ━╸─ ≤ °', 15],
    [`${RED}✗ Coat${RESET}`, 6],
    ['\x1b[38;2;255;0;10;48;5;16m▀\x1b[0m', 1],
    ['\u200b\ufeff', 0],
  ])('of %j is %i', (text, width) => {
    expect(visibleWidth(text)).toBe(width)
  })
})

test('padding goes by what is seen', () => {
  expect(padEnd('靴', 4)).toBe('靴  ')
  expect(padStart(`${RED}7${RESET}`, 3)).toBe(`  ${RED}7${RESET}`)
  expect(padEnd('wider', 3)).toBe('wider')
  expect(padStart('wider', 3)).toBe('wider')
})

describe('cut', () => {
  test('leaves what fits, and ends the rest in an ellipsis', () => {
    expect(cut('Pullover', 8)).toBe('Pullover')
    expect(cut('Pullover', 7)).toBe('Pullov…')
    expect(cut('Pullover', 1)).toBe('…')
    expect(cut('Pullover', 0)).toBe('')
    expect(cut('Pullover', -3)).toBe('')
  })

  test('breaks no letter, and leaves no colour switched on', () => {
    expect(cut('運動靴', 5)).toBe('運動…')
    expect(cut('運動靴', 4)).toBe('運…')
    expect(cut('運動a', 4)).toBe('運…')
    expect(cut('👩🏽‍🚀👩🏽‍🚀', 3)).toBe('👩🏽‍🚀…')
    expect(cut(`${RED}Sneaker${RESET}`, 4)).toBe(`${RED}Sne…${RESET}`)
  })

  test('never leaves more than has room', () => {
    fc.assert(
      fc.property(texts, fc.nat(20), (text, width) => {
        expect(visibleWidth(cut(text, width))).toBeLessThanOrEqual(width)
        expect(visibleWidth(padEnd(cut(text, width), width))).toBe(width)
      }),
    )
  })
})
