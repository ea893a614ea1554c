import { crc32 } from 'node:zlib'
import { type ArrayOf, arrayTypes, type DType, type Table } from '../../data/table.ts'
import { flat, type Tensor, tensor } from '../../tensor/tensor.ts'
import { openFile } from '../files/open-file.ts'
import { readInto } from '../files/read-into.ts'
import { replaceFile } from '../files/replace-file.ts'

/*
 * A table as a binary file, in the machine's own order of bytes:
 *
 *   bytes 0 …  7   the magic word, which ends in the format's version
 *   bytes 8 … 11   the length of the head
 *   bytes 12 … 15  the CRC-32 of all that follows
 *   then           the head, a JSON text, filled up with spaces to a multiple of 8 bytes
 *   then           the values, row-major, to the end of the file
 */
const MAGIC = Buffer.from('cnvtabl1')
const PREFACE_BYTES = 16

/** More than the names of columns take: a CSV file's header has 4 MiB at most, which JSON makes six times as long at most. */
const MAX_HEAD_BYTES = 32 * 1024 * 1024

interface Head {
  readonly key: string
  readonly columns: readonly string[]
  readonly rows: number
}

/**
 * Writes a table to a file, which never holds half of it.
 *
 * @param key what the reader must ask for
 * @throws DataError where it cannot be written
 */
export async function writeTableFile(path: string, key: string, table: Table): Promise<void> {
  const head: Head = { key, columns: table.columns, rows: table.values.shape[0] }
  const json = Buffer.from(JSON.stringify(head))
  const headBytes = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ')
  json.copy(headBytes)
  const values = bytesOf(flat(table.values))
  const preface = Buffer.alloc(PREFACE_BYTES)
  MAGIC.copy(preface)
  preface.writeUInt32LE(headBytes.length, 8)
  preface.writeUInt32LE(crc32(values, crc32(headBytes)), 12)
  await replaceFile(path, [preface, headBytes, values])
}

/**
 * Reads a table back. Lengths are checked against the file's size before memory is taken for them.
 *
 * @returns null where the file was written for another key, or is not whole
 */
export async function readTableFile<D extends DType>(
  path: string,
  key: string,
  dtype: D,
): Promise<{ columns: readonly string[]; values: Tensor<ArrayOf[D]> } | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size < PREFACE_BYTES) return null
    const preface = Buffer.alloc(PREFACE_BYTES)
    await readInto(preface, file, 0)
    const headLength = preface.readUInt32LE(8)
    const valuesStart = PREFACE_BYTES + headLength
    if (!MAGIC.equals(preface.subarray(0, MAGIC.length))) return null
    if (headLength > MAX_HEAD_BYTES || valuesStart > size) return null

    const headBytes = Buffer.alloc(headLength)
    await readInto(headBytes, file, PREFACE_BYTES)
    const head: Head = JSON.parse(headBytes.toString())
    const { BYTES_PER_ELEMENT } = arrayTypes[dtype].prototype
    const length = head.rows * head.columns.length
    if (head.key !== key || valuesStart + length * BYTES_PER_ELEMENT !== size) return null

    const values = new arrayTypes[dtype](length)
    await readInto(bytesOf(values), file, valuesStart)
    if (crc32(bytesOf(values), crc32(headBytes)) !== preface.readUInt32LE(12)) return null
    return { columns: head.columns, values: tensor(values, [head.rows, head.columns.length]) }
  } finally {
    await file.close()
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
