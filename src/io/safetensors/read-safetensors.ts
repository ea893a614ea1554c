import type { Json } from '../../config.ts'
import { show } from '../../errors.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.ts'
import { Problems } from '../problems.ts'
import { isJsonObject, parseStrictJson } from '../strict-json.ts'
import { bytesOfDtype, MAX_HEADER_BYTES, PREFIX_BYTES } from './format.ts'

/** What a safetensors file holds. */
export interface Safetensors {
  /** Texts by name, which the format leaves to whoever writes a file. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** A tensor as it lies in a file. */
export interface StoredTensor {
  /** As the format names it: `F32`. */
  readonly dtype: string
  readonly shape: Shape
  /** Its elements, row-major and little-endian: a view of the file, at any alignment. */
  readonly bytes: Uint8Array
}

interface PlacedTensor {
  readonly name: string
  /** Where it begins and ends in the data. */
  readonly from: number
  readonly to: number
  readonly tensor: StoredTensor
}

/** NumPy's limit. The format has none, but a shape is also shown. */
const MAX_AXES = 64

/**
 * Reads the bytes of a safetensors file: the header's length, the header, a JSON text that gives each tensor's type, shape
 * and place, then the tensors, one behind the other. Nothing is believed before it is checked, and no tensor is copied.
 *
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @param file the file's path, or who was given its bytes, for errors
 * @throws ModelFileError where the file is cut off, its header is no such text or has a key twice, a tensor's type is
 * unknown or its shape is not what its bytes hold; where tensors overlap, or bytes belong to none. It lists all tensors that
 * are wrong.
 * @example
 * readSafetensors(bytes, 'model.safetensors').tensors.get('dense/bias')?.shape // [10]
 */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const problems: Problems = new Problems(file)
  const { header, data } = readHeader(bytes, problems)
  const { __metadata__: texts = {}, ...entries } = header
  const metadata = readMetadata(texts, problems)
  const placed = Object.entries(entries)
    .map(([name, entry]) => readTensor(name, entry, data, problems))
    .filter(tensor => tensor !== null)
  problems.throwIfAny()
  checkCoverage(placed, data.length, problems)
  problems.throwIfAny()
  return { metadata, tensors: new Map(placed.map(({ name, tensor }) => [name, tensor])) }
}

function readHeader(bytes: Uint8Array, problems: Problems) {
  if (bytes.length < PREFIX_BYTES) {
    const found = bytes.length === 0 ? 'is empty' : `ends after ${bytes.length} bytes`
    problems.fail(`${found}, expected a safetensors file, whose first 8 bytes tell the length of its header`)
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > MAX_HEADER_BYTES) {
    problems.fail(
      `is no safetensors file: its header would take ${length} bytes, ${MAX_HEADER_BYTES} are allowed`,
    )
  }
  const start = PREFIX_BYTES + length
  if (start > bytes.length) {
    problems.fail(`ends after ${bytes.length} bytes, expected a header up to byte ${start}`)
  }
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, start), problems)
  if (!isJsonObject(header)) problems.fail('its header is not a JSON object, expected tensors by name')
  return { header, data: bytes.subarray(start) }
}

function parseHeader(bytes: Uint8Array, problems: Problems): Json {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return parseStrictJson(decoder.decode(new Uint8Array(bytes))) // A copy: browsers decode no shared memory.
  } catch (cause) {
    problems.fail(`its header is no JSON text in UTF-8 (${(cause as Error).message})`, { cause })
  }
}

function readMetadata(entry: Json, problems: Problems): Map<string, string> {
  const metadata = new Map<string, string>()
  if (!isJsonObject(entry)) problems.add(`__metadata__ is ${show(entry)}, expected an object of texts`)
  else {
    for (const [key, text] of Object.entries(entry)) {
      if (typeof text === 'string') metadata.set(key, text)
      else problems.add(`__metadata__: ${show(key)} is ${show(text)}, expected a text`)
    }
  }
  return metadata
}

function readTensor(name: string, entry: Json, data: Uint8Array, problems: Problems): PlacedTensor | null {
  const wrong = (what: string) => {
    problems.add(`tensor ${show(name)}: ${what}`)
    return null
  }
  if (!isJsonObject(entry)) return wrong(`is ${show(entry)}, expected dtype, shape and data_offsets`)
  const { dtype, shape, data_offsets: offsets } = entry
  const elementBytes = typeof dtype === 'string' ? bytesOfDtype.get(dtype) : undefined
  if (typeof dtype !== 'string' || elementBytes === undefined) {
    return wrong(`dtype is ${show(dtype)}, expected one of ${[...bytesOfDtype.keys()].join(', ')}`)
  }
  if (!isListOfLengths(shape) || shape.length > MAX_AXES) {
    return wrong(`shape is ${show(shape)}, expected a list of up to ${MAX_AXES} whole numbers of at least 0`)
  }
  if (!isListOfLengths(offsets) || offsets.length !== 2) {
    return wrong(`data_offsets is ${show(offsets)}, expected two whole numbers of at least 0`)
  }
  const [from, to] = offsets
  if (from > to || to > data.length) {
    return wrong(`lies from byte ${from} to ${to}, expected a place within the ${data.length} bytes of data`)
  }
  const expected = sizeOf(shape) * elementBytes
  if (to - from !== expected) {
    return wrong(`has ${to - from} bytes, expected ${expected} for ${formatShape(shape)} of ${dtype}`)
  }
  return { name, from, to, tensor: { dtype, shape, bytes: data.subarray(from, to) } }
}

const isListOfLengths = (value: Json | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every(length => Number.isSafeInteger(length) && length >= 0)

/** Looks whether each byte of the data is exactly one tensor's. */
function checkCoverage(placed: readonly PlacedTensor[], length: number, problems: Problems): void {
  let end = 0
  let before = ''
  for (const { name, from, to } of [...placed].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < end)
      problems.add(`tensors ${show(before)} and ${show(name)} overlap at byte ${from} of the data`)
    if (from > end) problems.add(`bytes ${end} to ${from} of the data belong to no tensor`)
    end = Math.max(end, to)
    before = name
  }
  if (end < length) problems.add(`bytes ${end} to ${length} of the data belong to no tensor`)
}
