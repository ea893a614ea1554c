/** A whole number as people write it: `48,000`. */
export const withCommas = (n: number): string => n.toLocaleString('en-US')
