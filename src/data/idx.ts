import { DataError, OptionError } from '../errors.ts'
import { formatShape } from '../tensor/shape.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'

/** What an IDX file can hold. */
export type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** The longest header: the magic number and 255 dimensions. */
export const IDX_MAX_HEADER_BYTES = 4 + 4 * 255

/** What the first bytes of an IDX file say. */
export interface IdxHeader {
  /** The third byte: the type of the elements. */
  readonly type: number
  readonly shape: readonly number[]
  /** Where the elements begin, in bytes. */
  readonly start: number
  /** How long the whole file must be, in bytes. */
  readonly end: number
}

interface IdxType {
  readonly name: string
  readonly bytes: number
  /** The big-endian elements in `view`, from its beginning. */
  read(view: DataView, count: number): IdxArray
}

const types: Readonly<Record<number, IdxType>> = {
  8: { name: 'uint8', bytes: 1, read: view => new Uint8Array(view.buffer, view.byteOffset, view.byteLength) },
  9: { name: 'int8', bytes: 1, read: view => new Int8Array(view.buffer, view.byteOffset, view.byteLength) },
  11: {
    name: 'int16',
    bytes: 2,
    read: (view, n) => Int16Array.from({ length: n }, (_, i) => view.getInt16(2 * i)),
  },
  12: {
    name: 'int32',
    bytes: 4,
    read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i)),
  },
  13: {
    name: 'float32',
    bytes: 4,
    read: (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i)),
  },
  14: {
    name: 'float64',
    bytes: 8,
    read: (view, n) => Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i)),
  },
}

/**
 * Reads the bytes of an IDX file, the format of MNIST and its successors: two zero bytes, a byte for the element type, a
 * byte for the number of dimensions, each dimension as a big-endian uint32, then the elements, the last axis fastest,
 * big-endian.
 *
 * Source: http://yann.lecun.com/exdb/mnist/ "The IDX file format"
 *
 * @param bytes the whole file, unpacked; a tensor of bytes shares its memory
 * @param file the file's name, for errors
 * @throws DataError where the magic number is another, where there are no dimensions, and where the file is shorter or
 * longer than its dimensions say, before anything is allocated
 * @throws OptionError where `bytes` is no Uint8Array
 * @example
 * const labels = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 7), 'labels')
 * labels.shape // [3]
 */
export function parseIdx(bytes: Uint8Array, file: string): Tensor<IdxArray> {
  if (!(bytes instanceof Uint8Array)) throw new OptionError('parseIdx', 'bytes', bytes, 'a Uint8Array')
  const { type, shape, start, end } = parseIdxHeader(bytes, file)
  if (bytes.length < end) {
    throw new DataError(
      { file, byte: bytes.length },
      `the file ends after ${bytes.length} bytes, expected ${end} for the shape ${formatShape(shape)}`,
    )
  }
  if (bytes.length > end) {
    throw new DataError(
      { file, byte: end },
      `there are ${bytes.length - end} more bytes, expected the end of the file for the shape ${formatShape(shape)}`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
  const { read, bytes: size } = types[type]
  return tensor(read(view, view.byteLength / size), shape)
}

/**
 * Reads an IDX file's header from its first bytes, `IDX_MAX_HEADER_BYTES` or all that there are.
 *
 * @throws DataError where it is not an IDX header, is cut off, or gives dimensions whose product overflows
 */
export function parseIdxHeader(bytes: Uint8Array, file: string): IdxHeader {
  const magic = [...bytes.subarray(0, 4)]
  const [zero1, zero2, type, dimensions] = magic
  if (magic.length < 4) {
    const found = magic.length === 0 ? 'the file is empty' : `the file ends after ${magic.length} bytes`
    throw new DataError({ file, byte: magic.length }, `${found}, expected an IDX file`)
  }
  const known = types[type!]
  if (zero1 !== 0 || zero2 !== 0 || known === undefined) {
    const expected = Object.entries(types).map(([code, { name }]) => `${hex([0, 0, Number(code)])} (${name})`)
    throw new DataError(
      { file, byte: 0 },
      `the file begins ${hex(magic)}, expected an IDX file, which begins ${expected.join(', ')}`,
    )
  }
  if (dimensions === 0) throw new DataError({ file, byte: 3 }, '0 dimensions, expected at least 1')
  const start = 4 + 4 * dimensions!
  if (bytes.length < start) {
    throw new DataError(
      { file, byte: bytes.length },
      `the file ends in its header, expected ${start} bytes of it`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: dimensions! }, (_, axis) => view.getUint32(4 + 4 * axis))
  let end = known.bytes
  for (const length of shape) end *= length
  end += start
  if (!Number.isSafeInteger(end)) {
    throw new DataError(
      { file, byte: 4 },
      `the dimensions ${formatShape(shape)} are more than any file can hold`,
    )
  }
  return { type: type!, shape, start, end }
}

function hex(bytes: readonly number[]): string {
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(' ')
}
