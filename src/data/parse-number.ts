// Digits are matched in one way only: `\d+\.?\d*` would try each split of a long row of them.
const DECIMAL = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i

/**
 * The number that a field of text stands for, in decimal notation, with spaces around it allowed; NaN where it stands
 * for none, as `''`, `nan`, `inf`, `0x10` and `1e999` do, most of which `Number` would take.
 *
 * @example
 * parseNumber('-1.5e3') // -1500
 */
export function parseNumber(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : Number.NaN
}
