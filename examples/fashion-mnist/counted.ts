/** A number of things in words: `1 epoch`, `48,000 images`. */
export const counted = (n: number, what: string): string => `${withCommas(n)} ${what}${n === 1 ? '' : 's'}`

/** A whole number as people write it: `48,000`. */
export const withCommas = (n: number): string => n.toLocaleString('en-US')
