/*
 * Advance widths in em, the larger of those of DejaVu Sans, which is as wide as a usual sans-serif font gets, and of
 * Liberation Sans, which has the widths of Arial; each rounded up to that of its group.
 */
const GROUPS: readonly (readonly [number, string])[] = [
  [0.28, "'ijl"],
  [0.34, ' ,./:;I\\|·'],
  [0.4, '!()-[]ft'],
  [0.42, 'r'],
  [0.5, '"*J_`–'],
  [0.56, '?Lcsz'],
  [0.62, 'FTaekovxy'],
  [0.64, '$0123456789bdghnpqu{}'],
  [0.69, 'ABEKPSVXYZ'],
  [0.74, 'CRU'],
  [0.79, '&DGHNOQ'],
  [0.84, '#+<=>^w~×−'],
  [0.87, 'M'],
  [1, '%Wm—…'],
  [1.02, '@'],
]

const WIDTHS = new Map(GROUPS.flatMap(([width, letters]) => [...letters].map(letter => [letter, width])))

/** Of letters of other alphabets. */
const CAPITAL = 0.8
const SMALL = 0.7

/** CJK and other scripts of square letters are as wide as they are high, emoji a little wider. */
const SQUARE = 1
const EMOJI = 1.3

/** How much wider bold words are, about: the size to ask for is so many times the font's. */
export const BOLD = 1.15

/**
 * How wide a text is at most, in pixels: which sans-serif font shows a picture in the end is not known while it is drawn,
 * so that the widest of the usual ones counts.
 *
 * @param size the font's size in pixels
 */
export function textWidth(text: string, size: number): number {
  let em = 0
  for (const letter of text) em += letterWidth(letter)
  return em * size
}

function letterWidth(letter: string): number {
  const known = WIDTHS.get(letter)
  if (known !== undefined) return known
  if (/[\p{Mn}\p{Cc}\p{Cf}]/u.test(letter)) return 0
  const [base] = letter.normalize('NFD')
  if (base !== letter && WIDTHS.has(base)) return WIDTHS.get(base)!
  if (/\p{Extended_Pictographic}/u.test(letter)) return EMOJI
  if (/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|[\u{20000}-\u{3ffff}]/u.test(letter)) return SQUARE
  return /\p{Lu}/u.test(letter) ? CAPITAL : SMALL
}

/** As much of a text as fits, with an ellipsis where it is cut. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text
  let room = width - textWidth('…', size)
  let fitting = ''
  for (const letter of text) {
    room -= textWidth(letter, size)
    if (room < 0) break
    fitting += letter
  }
  return `${fitting.trimEnd()}…`
}
