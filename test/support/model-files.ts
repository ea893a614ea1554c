import { METADATA_KEY } from '../../src/io/model-file/format.ts'
import { readSafetensors, type StoredTensor } from '../../src/io/safetensors/read-safetensors.ts'
import { safetensorsBytes } from './safetensors-files.ts'

/** The JSON text in a model's file. */
export const documentOf = (bytes: Uint8Array): string =>
  readSafetensors(bytes, 'test').metadata.get(METADATA_KEY)!

/** A model's file with another JSON text. */
export function withDocument(bytes: Uint8Array, document: string): Uint8Array {
  const { metadata, tensors } = readSafetensors(bytes, 'test')
  return fileOf(new Map(metadata).set(METADATA_KEY, document), tensors)
}

/** A model's file in whose document one value is another: `model.layers.0.config.units`; undefined takes it out. */
export function withValue(bytes: Uint8Array, path: string, value: unknown): Uint8Array {
  const document: unknown = JSON.parse(documentOf(bytes))
  const keys = path.split('.')
  const last = keys.pop()!
  let place = document as { [key: string]: unknown }
  for (const key of keys) place = place[key] as typeof place
  if (value === undefined) delete place[last]
  // Not by assignment, with which `__proto__` sets no key.
  else Object.defineProperty(place, last, { value, enumerable: true, configurable: true })
  return withDocument(bytes, JSON.stringify(document))
}

/** A model's file with other tensors. */
export function withTensors(
  bytes: Uint8Array,
  edit: (tensors: Map<string, StoredTensor>) => void,
): Uint8Array {
  const { metadata, tensors } = readSafetensors(bytes, 'test')
  const edited = new Map(tensors)
  edit(edited)
  return fileOf(metadata, edited)
}

function fileOf(
  metadata: ReadonlyMap<string, string>,
  tensors: ReadonlyMap<string, StoredTensor>,
): Uint8Array {
  const header = new Map<string, unknown>([['__metadata__', Object.fromEntries(metadata)]])
  let end = 0
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header.set(name, { dtype, shape, data_offsets: [end, end + bytes.length] })
    end += bytes.length
  }
  return safetensorsBytes(
    Object.fromEntries(header),
    Buffer.concat([...tensors.values()].map(({ bytes }) => bytes)),
  )
}
