import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BOLD, fitText, textWidth } from '../../../src/report/picture/text-width.ts'

/** Widths in em as Chromium measures them: in DejaVu Sans, in Liberation Sans, and in DejaVu Sans Bold. */
const measured = [
  ['validation accuracy', 9.753, 8.504, 10.956],
  ['best 0.2347 after epoch 18', 13.617, 11.898, 15.255],
  ['T-shirt/top', 5.091, 4.446, 5.817],
  ['Ankle boot', 5.358, 4.726, 6.088],
  ['precision', 4.511, 4.002, 5.16],
  ['weighted average', 9.033, 7.895, 10.16],
  ['−1.0000e-7', 5.949, 5.088, 6.486],
  ['WWW. MMM @100 %', 10.57, 9.959, 11.727],
  ['The quick brown fox jumps over the lazy dog', 22.492, 19.788, 25.341],
  ['JUMPS OVER THE LAZY DOG', 14.066, 14.113, 15.639],
  ['Größe, façade, señor', 10.463, 9.449, 11.792],
  ['Сандаль и рубашка', 10.371, 9.18, 11.5],
  ['μέθοδος κατηγορίας', 10.436, 8.931, 11.482],
] as const

describe('textWidth', () => {
  test.each(measured)(
    '%s is as wide as in the widest font, or a little wider',
    (text, dejaVu, liberation, bold) => {
      const width = textWidth(text, 1)
      expect(width).toBeGreaterThanOrEqual(Math.max(dejaVu, liberation))
      expect(width).toBeLessThan(1.2 * dejaVu)
      expect(BOLD * width).toBeGreaterThanOrEqual(bold)
    },
  )

  test('grows with the size, letter by letter', () => {
    expect(textWidth('', 12)).toBe(0)
    expect(textWidth('0', 12)).toBeCloseTo(12 * textWidth('0', 1), 10)
    expect(textWidth('label', 10)).toBeCloseTo(textWidth('la', 10) + textWidth('bel', 10), 10)
  })

  test('knows accents, square letters and emoji', () => {
    expect(textWidth('é', 1)).toBe(textWidth('e', 1))
    expect(textWidth('e\u0301', 1)).toBe(textWidth('e', 1))
    expect(textWidth('手袋', 1)).toBe(2)
    expect(textWidth('👟', 1)).toBe(1.3)
  })
})

describe('fitText', () => {
  test('leaves alone what fits, and cuts the rest before a letter too many', () => {
    const whole = 'Ankle boot'
    const width = textWidth(whole, 12)
    expect(fitText(whole, 12, width)).toBe(whole)
    expect(fitText(whole, 12, width - 0.01)).toBe('Ankle bo…')
    expect(fitText(whole, 12, textWidth('Ankle …', 12))).toBe('Ankle…')
    expect(fitText(whole, 12, 5)).toBe('…')
    expect(fitText('', 12, 0)).toBe('')
  })

  test('gives as much of any text as fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.integer({ min: 13, max: 250 }),
        (text, width) => {
          const fitting = fitText(text, 12, width)
          expect(textWidth(fitting, 12)).toBeLessThanOrEqual(width)
          if (fitting === text) return
          const kept = fitting.slice(0, -1)
          expect(text.startsWith(kept)).toBe(true)
          // Spaces before the ellipsis are left out; one letter more would be too much.
          const rest = text.slice(kept.length)
          const [letter] = rest.trimStart()
          const more = kept + rest.slice(0, rest.indexOf(letter)) + letter
          expect(textWidth(`${more}…`, 12)).toBeGreaterThan(width - 1e-9)
        },
      ),
    )
  })

  test('is quick with a text of a million letters', () => {
    expect(fitText('a'.repeat(1e6), 12, 100).length).toBeLessThan(20)
  })
})
