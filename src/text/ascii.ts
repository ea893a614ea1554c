/** What stands for each character beyond ASCII that this library prints: rules and bars, marks, punctuation. */
const replacements: ReadonlyMap<string, string> = new Map(
  [
    ['─', '-'],
    ['━', '='],
    ['╸', '>'],
    ['│┃', '|'],
    ['┏┳┓┡╇┩├┼┤└┴┘', '+'],
    ['▀', '"'],
    ['✗×', 'x'],
    ['✓', 'v'],
    ['…', '~'],
    ['–—−', '-'],
    ['·', '.'],
    ['°', 'o'],
    ['→≥', '>'],
    ['←≤', '<'],
    ['’', "'"],
  ].flatMap(([characters, ascii]) => [...characters].map(character => [character, ascii] as const)),
)

/**
 * A text for terminals that have no more than ASCII: each character that this library prints is replaced by one that
 * resembles it, so that columns stay aligned. Others, as in the names of files, stay as they are.
 *
 * @example
 * toAscii('━━╸─ 28×28 …') // '==>- 28x28 ~'
 */
export function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, character => replacements.get(character) ?? character)
}
