const ESCAPE = '\x1b'

/** Codes that choose colours and styles; they take no room. */
export const STYLE = new RegExp(String.raw`(${ESCAPE}\[[\d;]*m)`)

/** East Asian letters and signs that fill two columns, for the most part whole blocks of Unicode. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u

const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u

/** Marks and formatting characters, where they stand alone, and control characters. */
const INVISIBLE = /^[\p{Mark}\p{Format}\p{Control}]/u

/**
 * How many columns of a terminal a text takes: letters with their accents 1, East Asian ones and emoji 2, colour codes
 * none.
 *
 * @example
 * visibleWidth('\x1b[31mcafé\x1b[0m') // 4
 * visibleWidth('運動靴') // 6
 */
export function visibleWidth(text: string): number {
  return isPlain(text) ? text.length : pieces(text).reduce((sum, { width }) => sum + width, 0)
}

/** `padEnd` by visible width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)))
}

/** `padStart` by visible width. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - visibleWidth(text))) + text
}

/**
 * As much of a text as fits into `width` columns, with an ellipsis where it is cut. All of its colour codes stay, so that
 * what was switched on is switched off again.
 */
export function cut(text: string, width: number): string {
  if (visibleWidth(text) <= width) return text
  let room = width - 1
  let isCut = width < 1
  let kept = ''
  for (const piece of pieces(text)) {
    room -= piece.width
    if (piece.width === 0 || room >= 0) kept += piece.text
    else if (!isCut) {
      isCut = true
      kept += '…'
    }
  }
  return kept
}

/** Printable ASCII, which is most of what is ever measured. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

function pieces(text: string): { readonly text: string; readonly width: number }[] {
  // Made here, so that an engine without it fails at such texts alone, and not at loading the library.
  const letters = new Intl.Segmenter()
  return text.split(STYLE).flatMap((part, i) => {
    const isStyle = i % 2 === 1
    if (isStyle) return [{ text: part, width: 0 }]
    return Array.from(letters.segment(part), ({ segment }) => ({
      text: segment,
      width: letterWidth(segment),
    }))
  })
}

function letterWidth(letter: string): number {
  if (WIDE.test(letter) || EMOJI.test(letter)) return 2
  return INVISIBLE.test(letter) ? 0 : 1
}
