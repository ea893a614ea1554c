import type { Config } from '../../config.ts'

/*
 * What differs between then and now, a sentence for each difference. `owner` and `name` say of what.
 */

/** Names that only one of two lists has. */
export function nameDifferences(owner: string, then: readonly string[], now: readonly string[]): string[] {
  const [before, after] = [new Set(then), new Set(now)]
  return [
    ...then.filter(name => !after.has(name)).map(name => `${owner}: ${name} was there, and is not now`),
    ...now.filter(name => !before.has(name)).map(name => `${owner}: ${name} was not there, and is now`),
  ]
}

/** A loss, or an optimiser: by its name and, where that is the same, by its options. */
export function partDifferences(owner: string, then: Part, now: Part): string[] {
  const found = valueDifferences(owner, then.name, now.name)
  return found.length > 0 ? found : optionDifferences(owner, then.config, now.config)
}

interface Part {
  readonly name: string
  readonly config: Config
}

/** Options that are not the same, those that only one of two has among them. */
export function optionDifferences(owner: string, then: Config, now: Config): string[] {
  const options = new Set([...Object.keys(now), ...Object.keys(then)])
  return [...options].flatMap(option => valueDifferences(`${owner}: ${option}`, then[option], now[option]))
}

/** Two values that JSON can say, or that are missing. */
export function valueDifferences(name: string, then: unknown, now: unknown): string[] {
  const [before, after] = [then, now].map(canonical)
  return before === after ? [] : [`${name} was ${shorten(before)}, and is ${shorten(after)} now`]
}

/** As JSON, with keys in one order, since a file may have them in another. */
function canonical(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  return value === undefined ? 'missing' : JSON.stringify(value, sorted)
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text)
