/**
 * A whole number as people write it: `48,000`. Not by `toLocaleString`, whose first call loads the engine's locales: 10 ms
 * at the start of every program.
 */
export const withCommas = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
