import type { Random } from 'convnet-ts'

/** Damages some bytes of a file as disks, networks, editors and attackers do; the same draws damage it the same way. */
export function mutated(file: Uint8Array, next: Random): Uint8Array {
  let bytes = file
  for (let n = below(3, next); n >= 0; n--) bytes = pick(mutations, next)(bytes, next)
  return bytes
}

const mutations: readonly ((bytes: Uint8Array, next: Random) => Uint8Array)[] = [
  function flipBit(bytes, next) {
    const flipped = Uint8Array.from(bytes)
    if (flipped.length > 0) flipped[below(flipped.length, next)] ^= 1 << below(8, next)
    return flipped
  },
  function cutOff(bytes, next) {
    return bytes.slice(0, below(bytes.length + 1, next))
  },
  function remove(bytes, next) {
    const [from, to] = range(bytes, next)
    return splice(bytes, from, to, new Uint8Array())
  },
  function double(bytes, next) {
    const [from, to] = range(bytes, next)
    return splice(bytes, from, from, bytes.subarray(from, to))
  },
  function overwrite(bytes, next) {
    const [from, to] = range(bytes, next)
    return splice(bytes, from, to, new Uint8Array(to - from).fill(below(256, next)))
  },
  function insert(bytes, next) {
    const at = below(bytes.length + 1, next)
    return splice(bytes, at, at, pick(insertions, next))
  },
  function replaceNumber(bytes, next) {
    const start = below(bytes.length + 1, next)
    let from = start
    while (from < bytes.length && !isDigit(bytes[from])) from++
    let to = from
    while (isDigit(bytes[to])) to++
    return splice(bytes, from, to, pick(numbers, next))
  },
]

const ascii = (text: string) => new TextEncoder().encode(text)

const insertions = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\0',
  '"__proto__":',
  'null',
  '\\ud83d',
  '~1',
  '\u{1f98a}',
  '\ufeff',
]
  .map(ascii)
  .concat(Uint8Array.of(0xff), Uint8Array.of(0xc0, 0x80))

const numbers = [
  '0',
  '-1',
  '1.5',
  '1e12',
  '1e400',
  '-0',
  '2147483648',
  '4294967297',
  '1099511627776',
  '9007199254740993',
  '"1"',
  'NaN',
].map(ascii)

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** One of the integers [0, end). */
export const below = (end: number, next: Random): number => Math.floor(next() * end)

/** One of several. */
export const pick = <T>(choices: readonly T[], next: Random): T => choices[below(choices.length, next)]

/** Mostly a short one. */
function range(bytes: Uint8Array, next: Random): [from: number, to: number] {
  const from = below(bytes.length + 1, next)
  const longest = next() < 0.8 ? 8 : bytes.length
  return [from, Math.min(bytes.length, from + below(longest + 1, next))]
}

function splice(bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (to - from) + between.length)
  result.set(bytes.subarray(0, from))
  result.set(between, from)
  result.set(bytes.subarray(to), from + between.length)
  return result
}
