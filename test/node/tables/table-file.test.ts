import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Table } from '../../../src/data/table.ts'
import { readTableFile, writeTableFile } from '../../../src/node/tables/table-file.ts'
import { tensor } from '../../../src/tensor/tensor.ts'
import { expectSameBits } from '../../support/compare.ts'
import { tempFolder } from '../../support/temp-folder.ts'

vi.mock('node:fs/promises', { spy: true })

const table: Table<Float32Array> = {
  columns: ['a', 'größe', '"c"'],
  values: tensor(Float32Array.of(0.1, -0, 1e-40, 4, 5, 3.4e38), [2, 3]),
  source: 'a.csv',
  dtype: 'float32',
}

const read = (path: string, key = 'key') => readTableFile(path, key, 'float32').catch(() => null)

async function written(): Promise<string> {
  const path = join(tempFolder(), 'table')
  await writeTableFile(path, 'key', table)
  return path
}

describe('a table file', () => {
  test('gives back the bits that were written', async () => {
    const kept = await read(await written())
    expect(kept?.columns).toEqual(table.columns)
    expect(kept?.values.shape).toEqual([2, 3])
    expect(kept?.values.data).toBeInstanceOf(Float32Array)
    expectSameBits(kept!.values.data, table.values.data)
  })

  test('holds the values of a view in their order', async () => {
    const path = join(tempFolder(), 'table')
    await writeTableFile(path, 'key', { ...table, columns: ['x', 'y'], values: table.values.transpose(1, 0) })
    const kept = await read(path)
    expect(kept?.values.shape).toEqual([3, 2])
    expectSameBits(kept!.values.data, Float32Array.of(0.1, 4, -0, 5, 1e-40, 3.4e38))
  })

  test('is not taken for another key or type', async () => {
    const path = await written()
    expect(await read(path, 'other')).toBeNull()
    expect(await readTableFile(path, 'key', 'uint8')).toBeNull()
    expect(await read(path)).not.toBeNull()
  })

  test('is not taken with any byte changed', async () => {
    const path = await written()
    const good = readFileSync(path)
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at] ^= 1
      writeFileSync(path, bad)
      expect(await read(path), `byte ${at}`).toBeNull()
    }
    writeFileSync(path, good)
    expect(await read(path)).not.toBeNull()
  })

  test('is not taken when cut off anywhere, or longer', async () => {
    const path = await written()
    const good = readFileSync(path)
    for (let length = 0; length < good.length; length++) {
      writeFileSync(path, good.subarray(0, length))
      expect(await read(path), `${length} bytes`).toBeNull()
    }
    writeFileSync(path, Buffer.concat([good, Buffer.alloc(12)]))
    expect(await read(path)).toBeNull()
  })

  test('asks for no memory that its own size does not account for', async () => {
    const path = await written()
    const hugeHead = readFileSync(path)
    hugeHead.writeUInt32LE(0xffffffff, 8)
    writeFileSync(path, hugeHead)
    expect(await readTableFile(path, 'key', 'float32')).toBeNull()

    // A file of this length exists, but no table's head is that long.
    hugeHead.writeUInt32LE(40 * 1024 * 1024, 8)
    writeFileSync(path, hugeHead)
    truncateSync(path, 50 * 1024 * 1024)
    expect(await readTableFile(path, 'key', 'float32')).toBeNull()

    const head = Buffer.from(JSON.stringify({ key: 'key', columns: ['a'], rows: 2 ** 52 }))
    const preface = Buffer.alloc(16)
    preface.write('cnvtabl1')
    preface.writeUInt32LE(head.length, 8)
    writeFileSync(path, Buffer.concat([preface, head]))
    expect(await readTableFile(path, 'key', 'float32')).toBeNull()
  })

  test('stays as it was where writing another fails half way', async () => {
    const path = await written()
    vi.mocked(fs.writeFile).mockImplementationOnce(async file => {
      writeFileSync(String(file), 'half')
      throw new Error('no space left')
    })
    await expect(writeTableFile(path, 'new key', table)).rejects.toThrow('no space left')
    expect(readdirSync(join(path, '..'))).toEqual(['table'])
    expect(await read(path)).not.toBeNull()
  })

  test('removes what killed processes left of it, and nothing else', async () => {
    const path = join(tempFolder(), 'table')
    const kept = [`other.tmp.${process.pid}-0123`, 'table.tmp.999999999', 'other.tmp.999999999-0123']
    for (const name of [...kept, 'table.tmp.999999999-0123', 'table.tmp.999999999-4567']) {
      writeFileSync(join(path, '..', name), 'half')
    }
    await writeTableFile(path, 'key', table)
    expect(readdirSync(join(path, '..')).sort()).toEqual([...kept, 'table'].sort())
  })

  test('bears the process that writes it in its name until it is whole', async () => {
    const path = join(tempFolder(), 'table')
    const names: string[] = []
    vi.mocked(fs.rename).mockImplementationOnce(async from => {
      names.push(String(from))
      throw new Error('not now')
    })
    await expect(writeTableFile(path, 'key', table)).rejects.toThrow('not now')
    expect(names).toEqual([expect.stringMatching(`/table\\.tmp\\.${process.pid}-[0-9a-f]{12}$`)])
  })

  test('leaves nothing behind where it cannot be put into place', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'table'))
    await expect(writeTableFile(join(folder, 'table'), 'key', table)).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['table'])
  })

  test('is always whole while it is written again and again', async () => {
    const path = await written()
    const write = async () => {
      for (let time = 0; time < 30; time++) await writeTableFile(path, 'key', table)
    }
    const writing = write()
    for (let time = 0; time < 30; time++) {
      expectSameBits((await readTableFile(path, 'key', 'float32'))!.values.data, table.values.data)
    }
    await writing
    expect(readdirSync(join(path, '..'))).toEqual(['table'])
  })
})
