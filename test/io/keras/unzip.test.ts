import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { ModelFileError } from '../../../src/errors.ts'
import { isZip, unzipEntry } from '../../../src/io/keras/unzip.ts'
import { Problems } from '../../../src/io/problems.ts'

const unzip = (bytes: Uint8Array, entry = 'a.json', limit = 1e6) =>
  unzipEntry(bytes, entry, limit, new Problems('a.keras'))

/** What the error says. */
function refusal(bytes: Uint8Array, entry?: string, limit?: number): string {
  try {
    unzip(bytes, entry, limit)
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError)
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

const text = 'some text '.repeat(2000)
const stored = zipSync({ 'b.json': strToU8('{}'), 'a.json': strToU8(text) }, { level: 0 })
const packed = zipSync({ 'b.json': strToU8('{}'), 'a.json': strToU8(text) }, { level: 9 })

describe('unzipEntry', () => {
  test.each([
    ['stored', stored],
    ['packed', packed],
  ])('takes an entry that is %s', (_how, archive) => {
    expect(isZip(archive)).toBe(true)
    expect(new TextDecoder().decode(unzip(archive))).toBe(text)
    expect(new TextDecoder().decode(unzip(archive, 'b.json'))).toBe('{}')
    expect(unzip(archive, 'a.json', text.length)).toHaveLength(text.length)
  })

  test('takes an entry that has nothing', () => {
    expect(unzip(zipSync({ 'a.json': new Uint8Array() }))).toHaveLength(0)
  })

  test('refuses entries larger than they may be', () => {
    expect(refusal(stored, 'a.json', text.length - 1)).toBe(
      'a.keras: a.json has 20000 bytes, expected at most 19999',
    )
    expect(refusal(packed, 'a.json', text.length - 1)).toBe(
      'a.keras: a.json has 20000 bytes, expected at most 19999',
    )
  })

  test('stops unpacking what becomes larger than the archive says', () => {
    const bomb = zipSync({ 'a.json': new Uint8Array(50e6) }, { level: 9 })
    new DataView(bomb.buffer).setUint32(22, 100, true)
    expect(bomb.length).toBeLessThan(60_000)
    const found = Number(/a\.json has (\d+) bytes, expected at most 1000000/.exec(refusal(bomb))?.[1])
    expect(found).toBeGreaterThan(1e6)
    expect(found).toBeLessThan(6e6)
  })

  test('refuses two entries of one name', () => {
    const two = zipSync({ 'a.json': strToU8('{}'), 'b.json': strToU8('[]') }, { level: 0 })
    two[two.indexOf(0x62)] = 0x61
    expect(refusal(two)).toBe('a.keras: has two entries of the name a.json')
  })

  test('refuses more entries than any model has', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, new Uint8Array()]))
    expect(refusal(zipSync(many, { level: 0 }), '1')).toBe('a.keras: has more than 1000 entries')
  })

  test.each([
    ['another entry', zipSync({ 'c.json': strToU8('{}') }), 'is a zip archive without a.json'],
    ['nothing', zipSync({}), 'is a zip archive without a.json'],
    ['its beginning alone', stored.slice(0, 5000), 'is no zip archive that can be read (invalid zip data)'],
    ['half of what is packed', packed.slice(0, 100), 'is no zip archive that can be read (invalid zip data)'],
    ['its first bytes alone', stored.slice(0, 4), 'is a zip archive without a.json'],
  ])('refuses an archive of %s', (_what, archive, message) => {
    expect(refusal(archive)).toContain(message)
  })

  test('refuses an entry that is packed in another way', () => {
    const other = zipSync({ 'a.json': strToU8(text) }, { level: 0 })
    new DataView(other.buffer).setUint16(8, 12, true)
    expect(refusal(other)).toContain('unknown compression type 12')
  })

  test('gives back the bytes or an error, whatever bytes are changed', () => {
    let refused = 0
    for (let i = 0; i < packed.length; i++) {
      const bytes = packed.slice()
      bytes[i] ^= 1 << (i % 8)
      try {
        expect(unzip(bytes).length).toBeLessThanOrEqual(1e6)
      } catch (error) {
        expect(error).toBeInstanceOf(ModelFileError)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(20)
  })
})
