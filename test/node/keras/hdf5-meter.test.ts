import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hdf5Meter } from '../../../src/node/keras/hdf5-meter.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** What a reader with this body returns, of the buffer of a file that has so many bytes. */
function read(body: string, length = 2000): unknown {
  const path = join(tempFolder(), 'reader.cjs')
  writeFileSync(path, `module.exports = buffer => { ${body} }`)
  const { load, measure } = new Function('require', `return ${hdf5Meter}`)(createRequire(import.meta.url))()
  return load(path)(measure(Uint8Array.from({ length }, (_, i) => i)))
}

describe('hdf5Meter', () => {
  test.each([
    ['numbers', 'const view = new DataView(buffer); for (;;) view.getFloat32(0)'],
    ['numbers of views of a kind', 'class View extends DataView {}; for (;;) new View(buffer).getInt8(5)'],
    ['parts', 'for (;;) buffer.slice(0, 0)'],
    ['texts', 'const decoder = new TextDecoder(); for (;;) decoder.decode(new Uint8Array(buffer))'],
    ['lists', 'for (;;) new Array(100)'],
  ])('ends reading %s on and on', (_what, body) => {
    expect(() => read(body)).toThrow('it goes round in circles, or tells of far more than it has')
  })

  test('ends making a list longer than a file tells of, before it is made', () => {
    expect(() => read('return new Array(28_001)')).toThrow('far more than it has')
    expect(read('return new Array(27_999)')).toHaveLength(27_999)
  })

  test('lets a file be read several times over, and starts anew with each', () => {
    const body = `
      const view = new DataView(buffer)
      let sum = 0
      for (let i = 0; i < buffer.byteLength; i++) sum += view.getUint8(i)
      for (let i = 0; i < 20; i++) sum += buffer.slice(0).byteLength
      return new TextDecoder().decode(buffer.slice(65, 70)) + sum`
    const sum = Uint8Array.from({ length: 2000 }, (_, i) => i).reduce((sum, byte) => sum + byte, 0)
    expect(read(body)).toBe(`ABCDE${sum + 40_000}`)
  })

  test('reads texts as UTF-8, whatever a reader takes them for', () => {
    const body = 'return new TextDecoder("ascii").decode(Uint8Array.of(0xc3, 0xa9, 0x78))'
    expect(read(body)).toBe('éx')
  })

  test('changes nothing of lists but what long ones are made of', () => {
    expect(
      read('return [new Array(3, 4), Array.of(5), [6] instanceof Array, Array.isArray(new Array(2))]'),
    ).toEqual([[3, 4], [5], true, true])
    expect(read('return new Array(2 ** 20 + 1)', 300_000)).toBeInstanceOf(Float64Array)
    expect(new Array(2 ** 20 + 1)).toBeInstanceOf(Array)
  })
})
