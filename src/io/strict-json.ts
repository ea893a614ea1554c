import type { Json } from '../config.ts'
import { show } from '../errors.ts'

/** Deeper than anything that is meant; code that walks through what was parsed recurs as deep. */
export const MAX_DEPTH = 100

/** More lists and objects than this are not parsed: each takes many times the bytes in which it is written. */
export const MAX_NESTED = 200_000

/**
 * `JSON.parse` that refuses two equal keys in one object. `JSON.parse` keeps the last of them and other parsers the first,
 * and a file must not mean one thing here and another there. It also refuses lists and objects nested more than
 * {@link MAX_DEPTH} deep, and more than {@link MAX_NESTED} of them.
 *
 * @throws SyntaxError
 * @example
 * parseStrictJson('{ "a": 1, "a": 2 }') // SyntaxError: the key "a" stands twice in one object
 */
export function parseStrictJson(text: string): Json {
  // Before it is parsed, which takes memory for all that it finds.
  checkNesting(text)
  return JSON.parse(text)
}

/** Whether a JSON value is an object: neither null nor an array. */
export const isJsonObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Looks for what `JSON.parse` does not mind. What it does mind may be anywhere in the text. */
function checkNesting(json: string): void {
  /** The keys of each list and object around the character at i; a list has none. */
  const open: Set<string>[] = []
  let nested = 0
  for (let i = 0; i < json.length; i++) {
    const character = json[i]
    if (character === '{' || character === '[') {
      if (open.push(new Set()) > MAX_DEPTH) throw new SyntaxError(`it is nested more than ${MAX_DEPTH} deep`)
      if (++nested > MAX_NESTED) throw new SyntaxError(`it has more than ${MAX_NESTED} lists and objects`)
    } else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const start = i
      i = closingQuote(json, start)
      if (!isFollowedByColon(json, i)) continue
      const key: string = JSON.parse(json.slice(start, i + 1))
      const keys = open.at(-1)
      if (!keys) throw new SyntaxError('there is a key outside of any object')
      if (keys.has(key)) throw new SyntaxError(`the key ${show(key)} stands twice in one object`)
      keys.add(key)
    }
  }
}

// Loops, since regular expressions run out of stack on strings of some megabytes.
function closingQuote(json: string, opening: number): number {
  let i = opening + 1
  while (i < json.length && json[i] !== '"') i += json[i] === '\\' ? 2 : 1
  return i
}

function isFollowedByColon(json: string, quote: number): boolean {
  let i = quote + 1
  while (json.charCodeAt(i) <= 0x20) i++
  return json[i] === ':'
}
