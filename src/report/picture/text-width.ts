/** Widths in em of letters that differ much from the usual; between those of Arial, Segoe UI, Roboto and DejaVu Sans. */
const NARROW = 0.32
const USUAL = 0.58
const WIDE = 0.7
const WIDEST = 0.95

/** How much wider bold letters are, at most: the size to ask for is so many times the font's. */
export const BOLD = 1.15

/**
 * About how wide a text is, in pixels, rather too wide than too narrow: which sans-serif font shows a picture in the end
 * is not known while it is drawn.
 *
 * @param size the font's size in pixels
 */
export function textWidth(text: string, size: number): number {
  let em = 0
  for (const letter of text) em += letterWidth(letter)
  return em * size
}

function letterWidth(letter: string): number {
  if (/[ijltfrI.,:;!|'()[\]\s/-]/.test(letter)) return NARROW
  if (/[mwMW@%]/.test(letter)) return WIDEST
  // CJK and other scripts of square letters are as wide as they are high.
  if (/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|\p{Extended_Pictographic}/u.test(letter)) return 1
  return /[A-Z—×]/.test(letter) ? WIDE : USUAL
}

/** As much of a text as fits, with an ellipsis where it is cut. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text
  const letters = [...text]
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop()
  return `${letters.join('').trimEnd()}…`
}
