import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { column, unique } from '../../../src/data/table.ts'
import { DataError, OptionError } from '../../../src/errors.ts'
import { type ReadCsvOptions, readCsv } from '../../../src/node/tables/read-csv.ts'
import { flat } from '../../../src/tensor/tensor.ts'
import { expectSameBits } from '../../support/compare.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'
import { tempFolder } from '../../support/temp-folder.ts'

function write(content: string | Uint8Array): string {
  const path = join(tempFolder(), 'a.csv')
  writeFileSync(path, content)
  return path
}

const read = (content: string | Uint8Array, options: ReadCsvOptions = {}) =>
  readCsv(write(content), { cache: false, ...options })

/** The error that reading throws: its message without the file, and its place in the file. */
async function refusal(content: string | Uint8Array, options?: ReadCsvOptions) {
  const path = write(content)
  const error = await readCsv(path, options).then(
    () => null,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(DataError)
  expect(error.place.file).toBe(path)
  expect(readdirSync(join(path, '..'))).toEqual(['a.csv'])
  return error.message.replace(path, 'a.csv')
}

describe('readCsv', () => {
  test('reads numbers under a header', async () => {
    const path = write('label,pixel1,pixel2\n1,2.5,-3\n4,5e2,.5\n')
    const table = await readCsv(path, { cache: false })
    expect(table).toMatchObject({ columns: ['label', 'pixel1', 'pixel2'], source: path, dtype: 'float64' })
    expect(table.values.shape).toEqual([2, 3])
    expect(table.values.data).toBeInstanceOf(Float64Array)
    expectSameBits(table.values.data, [1, 2.5, -3, 4, 500, 0.5])
  })

  test.each([
    ['uint8', Uint8Array],
    ['float32', Float32Array],
    ['float64', Float64Array],
  ] as const)('keeps %s in its typed array', async (dtype, type) => {
    const table = await read('a,b\n1,2\n', { dtype })
    expect(table.values.data).toBeInstanceOf(type)
    expectSameBits(table.values.data, [1, 2])
  })

  test.each([
    ['a byte order mark', '\uFEFFa,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['a lone CR', 'a,b\r1,2\r3,4\r'],
    ['a last line without an end', 'a,b\n1,2\n3,4'],
    ['a last line that ends in CR', 'a,b\r\n1,2\r\n3,4\r'],
    ['quotes', '"a","b"\n"1","2"\n3,"4"\n'],
    ['spaces', 'a,b\n 1, 2\n3 ,\t"4" \n'],
    ['blank lines at the end', 'a,b\n1,2\n3,4\n\n  \n'],
  ])('accepts %s', async (_, content) => {
    const table = await read(content, { dtype: 'uint8' })
    expect(table.columns).toEqual(['a', 'b'])
    expectSameBits(table.values.data, [1, 2, 3, 4])
  })

  test('takes another delimiter', async () => {
    const table = await read('a;"b;c"\n1;2\n', { delimiter: ';' })
    expect(table.columns).toEqual(['a', 'b;c'])
    expectSameBits(table.values.data, [1, 2])
    expectSameBits((await read('a\tb\n1\t2\n', { delimiter: '\t' })).values.data, [1, 2])
  })

  test.each([
    ['an empty file', '', 'a.csv: is empty, expected a header and rows of numbers'],
    ['a file of blank lines', '\n\n', 'a.csv: is empty, expected a header and rows of numbers'],
    ['a header only', 'a,b\n', 'a.csv: has a header, but no rows under it'],
    ['a blank line first', '\na,b\n1,2\n', 'a.csv, row 1: is blank, and rows follow it'],
    ['a blank line between rows', 'a,b\n1,2\n\n3,4\n', 'a.csv, row 3: is blank, and rows follow it'],
    [
      'too few fields',
      'a,b,c\n1,2,3\n4,5\n',
      'a.csv, row 3, column c: is missing: the row has 2 fields, expected 3',
    ],
    ['too many fields', 'a,b\n1,2\n3,4,5\n', 'a.csv, row 3: has 3 fields, expected 2'],
    ['a delimiter at the end', 'a,b\n1,2,\n', 'a.csv, row 2: has 3 fields, expected 2'],
    ['a blank field', 'a,b\n1,\n', 'a.csv, row 2, column b: is blank, expected a number'],
    ['a blank first field', 'a,b\n,1\n', 'a.csv, row 2, column a: is blank, expected a number'],
    ['an empty pair of quotes', 'a,b\n1,""\n', 'a.csv, row 2, column b: is blank, expected a number'],
    ['text', 'a,b\n1,2\ncat,4\n', 'a.csv, row 3, column a: found "cat", expected a number'],
    ['nan', 'a,b\n1,nan\n', 'a.csv, row 2, column b: found "nan", expected a number'],
    ['a name that stands twice', 'a,b,b\n1,2,3\n', /row 1, column b: the name stands twice/],
    ['a name that is empty', 'a,,c\n1,2,3\n', 'a.csv, row 1: column 2 has no name in the header'],
    ['an open quote', 'a,b\n1,2\n3,"4\n5,6\n', /row 3, column b: has a quote that is not closed/],
    ['an open quote in the last line', 'a,b\n1,2\n"3,4', /row 3, column a: has a quote that is not closed/],
    ['an open quote in the header', 'a,"b\n1,2\n', /row 1: has a quote that is not closed/],
    ['text after a quoted field', 'a,b\n1,"2"3\n', /row 2, column b: has text beside a quoted field/],
    ['a quote inside a field', 'a,b\n1,2"3\n', 'a.csv, row 2, column b: found "2\\"3", expected a number'],
  ])('refuses %s', async (_, content, message) => {
    expect(await refusal(content)).toMatch(message)
  })

  test.each(['-1', '1.5', '256', '1e3'])('refuses %s for uint8', async field => {
    expect(await refusal(`a,b\n1,2\n3,${field}\n`, { dtype: 'uint8' })).toBe(
      `a.csv, row 3, column b: found "${field}", expected a whole number from 0 to 255`,
    )
  })

  test('refuses text that is not UTF-8', async () => {
    const text = 'a,b\n1,2\n'
    const bigEndian = Buffer.from(text, 'utf16le').swap16()
    for (const content of [
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      Buffer.concat([Buffer.of(0xfe, 0xff), bigEndian]),
      Buffer.from('größe,b\n1,2\n', 'latin1'),
    ]) {
      expect(await refusal(content)).toBe(
        'a.csv, row 1: is not UTF-8 text: is it UTF-16, packed, or no CSV file?',
      )
    }
    expect(await refusal('a,b\n1,2\n3,\0\n')).toContain('row 3: is not UTF-8 text')
    expect((await read('größe,b\n1,2\n')).columns).toEqual(['größe', 'b'])
  })

  test('does not read on to look for the end of an open quote', async () => {
    const told: number[] = []
    const content = `a,b\n"1,2\n${'1,2\n'.repeat(100_000)}`
    const message = await refusal(content, { onProgress: done => told.push(done) })
    expect(message).toMatch(/row 2, column a: has a quote that is not closed/)
    expect(told).toEqual([])
  })

  test('finds a stray quote soon, also between thousands of spaces', async () => {
    const start = performance.now()
    expect(await refusal(`a,b\n1,${' '.repeat(4000)}"1 \n`)).toContain('row 2, column b')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('refuses a missing file and a folder', async () => {
    const folder = tempFolder()
    const missing = join(folder, 'none.csv')
    await expect(readCsv(missing)).rejects.toThrow(
      new DataError({ file: missing }, 'there is no such file', { cause: expect.anything() }),
    )
    await expect(readCsv(folder)).rejects.toThrow(DataError)
    await expect(readCsv(folder)).rejects.toThrow('is a folder')
    const under = join(write('a\n1\n'), 'a.csv')
    await expect(readCsv(under)).rejects.toThrow(`${under}: cannot be opened (ENOTDIR`)
  })

  test.each([
    ['dtype', { dtype: 'int8' }],
    ['delimiter', { delimiter: null }],
    ['delimiter', { delimiter: [','] }],
    ['cacheDir', { cacheDir: new URL('file:///tmp') }],
    ['delimiter', { delimiter: '' }],
    ['delimiter', { delimiter: ', ' }],
    ['delimiter', { delimiter: '"' }],
    ['delimiter', { delimiter: '\n' }],
    ['cache', { cache: 'yes' }],
    ['cache_dir', { cache_dir: '/tmp' }],
  ])('refuses a wrong %s', async (option, options) => {
    const error = await readCsv('none.csv', options as never).catch(thrown => thrown)
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ owner: 'readCsv', option })
  })

  test.each([
    ['a URL', new URL('file:///tmp/a.csv'), "a path, which fileURLToPath of 'node:url' makes of it"],
    ['a Buffer', Buffer.from('a.csv'), 'a path, as a string'],
    ['nothing', undefined, 'a path, as a string'],
  ])('refuses %s for a path', async (_, path, expected) => {
    const reading = readCsv(path as never)
    await expect(reading).rejects.toThrow(OptionError)
    await expect(reading).rejects.toThrow(/^readCsv: path is /)
    await expect(reading).rejects.toThrow(`expected ${expected}`)
  })

  test('tells how far it has come, also where it takes the table from the cache', async () => {
    const content = `a,b\n${'12,34\n'.repeat(50_000)}`
    const path = write(content)
    const told: number[][] = []
    const onProgress = (done: number, total: number) => told.push([done, total])
    const first = await readCsv(path, { onProgress })
    expect(first.values.shape).toEqual([50_000, 2])
    expect(told.length).toBeGreaterThan(3)
    expect(
      told.every(([done, total], i) => total === content.length && done! > (told[i - 1]?.[0] ?? 0)),
    ).toBe(true)
    expect(told.at(-1)).toEqual([content.length, content.length])
    told.length = 0
    await readCsv(path, { onProgress })
    expect(told).toEqual([[content.length, content.length]])
  })

  test('stops when told to', async () => {
    const path = write(`a,b\n${'12,34\n'.repeat(50_000)}`)
    const abort = new AbortController()
    const reason = new Error('enough')
    const reading = readCsv(path, { signal: abort.signal, onProgress: () => abort.abort(reason) })
    await expect(reading).rejects.toBe(reason)
    expect(readdirSync(join(path, '..'))).toEqual(['a.csv'])
    await expect(readCsv(path, { signal: abort.signal })).rejects.toBe(reason)
  })

  test('lets the event loop turn between one chunk of the file and the next', async () => {
    const path = write(`a,b\n${'12,34\n'.repeat(50_000)}`)
    let turns = 0
    let isReading = true
    const turn = () => {
      turns++
      if (isReading) setImmediate(turn)
    }
    turn()
    const turnOf: number[] = []
    await readCsv(path, { cache: false, onProgress: () => turnOf.push(turns) })
    isReading = false
    expect(turnOf.length).toBeGreaterThan(3)
    expect(new Set(turnOf).size).toBe(turnOf.length)
  })

  test('refuses a file that changes while it is read', async () => {
    const path = write(`a,b\n${'12,34\n'.repeat(50_000)}`)
    let appended = false
    const onProgress = () => {
      if (!appended) appendFileSync(path, '56,78\n')
      appended = true
    }
    await expect(readCsv(path, { onProgress })).rejects.toThrow(
      new DataError({ file: path }, 'was changed while it was read'),
    )
    expect(readdirSync(join(path, '..'))).toEqual(['a.csv'])
  })

  test('keeps what it parsed, and reads the same from there', async () => {
    const path = write('a,b\n1,0.1\n3,-0\n')
    const first = await readCsv(path)
    expect(readdirSync(join(path, '..'))).toEqual(['.a.csv.float64.cache', 'a.csv'])
    const second = await readCsv(path)
    expect(second).toMatchObject({ columns: first.columns, source: path, dtype: 'float64' })
    expect(second.values.shape).toEqual([2, 2])
    expectSameBits(second.values.data, first.values.data)
    expectSameBits(second.values.data, [1, 0.1, 3, -0])
  })

  test('reads a changed file anew', async () => {
    const path = write('a,b\n1,2\n')
    await readCsv(path)
    writeFileSync(path, 'a,b\n1,2\n3,4\n')
    expectSameBits((await readCsv(path)).values.data, [1, 2, 3, 4])
    expectSameBits((await readCsv(path)).values.data, [1, 2, 3, 4])
  })

  test('keeps nothing where it is told not to', async () => {
    const path = write('a,b\n1,2\n')
    await readCsv(path, { cache: false })
    expect(readdirSync(join(path, '..'))).toEqual(['a.csv'])
  })

  test('does without a cache where none can be kept', async () => {
    const path = write('a,b\n1,2\n')
    const blocked = join(tempFolder(), 'file')
    writeFileSync(blocked, '')
    for (let time = 0; time < 2; time++) {
      expectSameBits((await readCsv(path, { cacheDir: blocked })).values.data, [1, 2])
    }
    expect(readdirSync(join(path, '..'))).toEqual(['a.csv'])
  })
})

const slice = 'kaggle-train-first-1000-rows.csv'

describe("readCsv on a thousand rows of Kaggle's file", () => {
  testWithRealData('gives the labels and pixels that pandas gives', slice, async () => {
    const cacheDir = join(tempFolder(), 'cache')
    const table = await readCsv(realData + slice, { dtype: 'uint8', cacheDir })
    expect(table.values.shape).toEqual([1000, 785])
    expect([table.columns[0], table.columns[784]]).toEqual(['label', 'pixel784'])
    expect(unique(table, 'label')).toEqual([2, 9, 6, 0, 3, 4, 5, 8, 7, 1])
    expect([778, 779].map(pixel => table.values.get(2, pixel))).toEqual([30, 43])
    const sum = flat(table.values).reduce((total, value) => total + value, 0)
    expect(sum).toBe(56_602_881)
    expect(flat(column(table, 'label')).reduce((total, value) => total + value, 0)).toBe(4431)
    const again = await readCsv(realData + slice, { dtype: 'uint8', cacheDir })
    expectSameBits(again.values.data, table.values.data)
    expect(readdirSync(cacheDir)).toHaveLength(1)
  })
})
