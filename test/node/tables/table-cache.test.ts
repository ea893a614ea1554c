import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Table } from '../../../src/data/table.ts'
import { TableCache } from '../../../src/node/tables/table-cache.ts'
import { tensor } from '../../../src/tensor/tensor.ts'
import { expectSameBits } from '../../support/compare.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let source: string
let folder: string
let userCache: string

beforeEach(() => {
  folder = tempFolder()
  userCache = tempFolder()
  vi.stubEnv('XDG_CACHE_HOME', userCache)
  source = join(folder, 'a.csv')
  writeFileSync(source, 'a,b\n1,2\n')
})
afterEach(() => void vi.unstubAllEnvs())

const open = (options: { delimiter?: string; cacheDir?: string; path?: string } = {}) => {
  const { delimiter = ',', cacheDir, path = source } = options
  return new TableCache(path, statSync(path, { bigint: true }), 'uint8', delimiter, cacheDir)
}

const table = (): Table<Uint8Array> => ({
  columns: ['a', 'b'],
  values: tensor(Uint8Array.of(1, 2), [1, 2]),
  source,
  dtype: 'uint8',
})

const userTables = () => readdirSync(join(userCache, 'convnet-ts', 'tables'))

describe('TableCache', () => {
  test('keeps a table beside its source', async () => {
    expect(await open().read()).toBeNull()
    await open().write(table())
    expect(readdirSync(folder)).toEqual(['.a.csv.uint8.cache', 'a.csv'])
    expect(readdirSync(userCache)).toEqual([])
    const kept = await open().read()
    expect(kept).toMatchObject({ columns: ['a', 'b'], source, dtype: 'uint8' })
    expectSameBits(kept!.values.data, [1, 2])
  })

  test('is kept once where two reads of one source end together', async () => {
    await Promise.all([open().write(table()), open().write(table())])
    expect(await open().read()).not.toBeNull()
    expect(readdirSync(folder)).toEqual(['.a.csv.uint8.cache', 'a.csv'])
    expect(readdirSync(userCache)).toEqual([])
  })

  test('counts for one size, time and delimiter', async () => {
    await open().write(table())
    expect(await open({ delimiter: ';' }).read()).toBeNull()
    const { atime, mtime } = statSync(source)
    writeFileSync(source, 'a,b\n1,23\n')
    utimesSync(source, atime, mtime)
    expect(await open().read()).toBeNull()
    writeFileSync(source, 'a,b\n1,3\n')
    utimesSync(source, atime, new Date(mtime.getTime() + 1))
    expect(await open().read()).toBeNull()
    await open().write(table())
    expect(await open().read()).not.toBeNull()
  })

  test('keeps tables of different types apart', async () => {
    const floats = new TableCache(source, statSync(source, { bigint: true }), 'float32', ',')
    await open().write(table())
    await floats.write({ ...table(), values: tensor(Float32Array.of(0.5, 2), [1, 2]), dtype: 'float32' })
    expectSameBits((await open().read())!.values.data, [1, 2])
    expectSameBits((await floats.read())!.values.data, [0.5, 2])
  })

  test('lies in the user’s cache folder where it cannot lie beside its source', async () => {
    mkdirSync(join(folder, '.a.csv.uint8.cache'))
    await open().write(table())
    expect(readdirSync(folder)).toEqual(['.a.csv.uint8.cache', 'a.csv'])
    expect(userTables()).toEqual([expect.stringMatching(/^a\.csv-[0-9a-f]{16}\.uint8\.cache$/)])
    expectSameBits((await open().read())!.values.data, [1, 2])
  })

  test('replaces a corrupt file', async () => {
    writeFileSync(join(folder, '.a.csv.uint8.cache'), 'not a cache')
    expect(await open().read()).toBeNull()
    await open().write(table())
    expectSameBits((await open().read())!.values.data, [1, 2])
  })

  test.skipIf(process.platform === 'win32')('does not wait for a pipe that has its name', async () => {
    execFileSync('mkfifo', [join(folder, '.a.csv.uint8.cache')])
    expect(await open().read()).toBeNull()
    await open().write(table())
    expectSameBits((await open().read())!.values.data, [1, 2])
  })

  test('is silently done without where no folder takes it', async () => {
    mkdirSync(join(folder, '.a.csv.uint8.cache'))
    const blocked = join(userCache, 'file')
    writeFileSync(blocked, '')
    vi.stubEnv('XDG_CACHE_HOME', blocked)
    await open().write(table())
    expect(await open().read()).toBeNull()
    expect(readdirSync(folder)).toEqual(['.a.csv.uint8.cache', 'a.csv'])
  })

  test('lies in the one folder that is asked for, files of one name apart', async () => {
    const cacheDir = join(folder, 'deep', 'cache')
    const other = join(tempFolder(), 'a.csv')
    writeFileSync(other, 'a,b\n1,2\n')
    await open({ cacheDir }).write(table())
    await open({ cacheDir, path: other }).write({ ...table(), values: tensor(Uint8Array.of(3, 4), [1, 2]) })
    expect(readdirSync(folder)).toEqual(['a.csv', 'deep'])
    expect(readdirSync(cacheDir)).toHaveLength(2)
    expectSameBits((await open({ cacheDir }).read())!.values.data, [1, 2])
    expectSameBits((await open({ cacheDir, path: other }).read())!.values.data, [3, 4])
  })
})
