import type { NumericArray } from '../../tensor/tensor.ts'

/** What a file begins with: the length of its header, as a little-endian uint64. */
export const PREFIX_BYTES = 8

/** The format allows 100 MB, of which a hostile file can make many seconds of work; models have some kilobytes. */
export const MAX_HEADER_BYTES = 20_000_000

/** Bytes that an element takes, by the name of its type. */
export const bytesOfDtype: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['U16', 2],
  ['I16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['U32', 4],
  ['I32', 4],
  ['F32', 4],
  ['U64', 8],
  ['I64', 8],
  ['F64', 8],
])

/** The types of this library's arrays. */
export const dtypes: { readonly [A in NumericArray[typeof Symbol.toStringTag]]: string } = {
  Float32Array: 'F32',
  Float64Array: 'F64',
  Uint8Array: 'U8',
  Uint8ClampedArray: 'U8',
  Int8Array: 'I8',
  Uint16Array: 'U16',
  Int16Array: 'I16',
  Uint32Array: 'U32',
  Int32Array: 'I32',
}

const arrayTypes: { readonly [dtype: string]: new (buffer: ArrayBuffer) => NumericArray } = {
  F32: Float32Array,
  F64: Float64Array,
  U8: Uint8Array,
  I8: Int8Array,
  U16: Uint16Array,
  I16: Int16Array,
  U32: Uint32Array,
  I32: Int32Array,
}

/** A copy of a tensor's elements; null where no typed array of plain numbers can hold them as they are. */
export function arrayFrom({
  dtype,
  bytes,
}: {
  readonly dtype: string
  readonly bytes: Uint8Array
}): NumericArray | null {
  // Not `slice`, with which a Buffer of Node's copies nothing.
  return Object.hasOwn(arrayTypes, dtype) ? new arrayTypes[dtype](new Uint8Array(bytes).buffer) : null
}
