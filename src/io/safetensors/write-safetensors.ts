import { OptionError } from '../../errors.ts'
import { flat, type NumericArray, type Tensor } from '../../tensor/tensor.ts'
import { dtypes, PREFIX_BYTES } from './format.ts'

/** A tensor with the name that it has in a file. */
export interface NamedTensor {
  readonly name: string
  readonly tensor: Tensor<NumericArray>
}

/**
 * Writes tensors and texts as the bytes of a safetensors file. Tensors with larger elements come first and the header is
 * filled up with spaces to a multiple of 8 bytes, so that each tensor lies at a multiple of its elements' size.
 *
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @param tensors with names of their own, none of them `__metadata__`, that UTF-8 can hold
 * @param metadata texts by name
 * @throws OptionError where two tensors have one name, or one has half of a surrogate pair in its name
 * @example
 * const bytes = writeSafetensors([{ name: 'bias', tensor: tensor(new Float32Array(10), [10]) }], { author: 'me' })
 */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: { readonly [name: string]: string },
): Uint8Array<ArrayBuffer> {
  const bytesPerElement = ({ tensor }: NamedTensor) => tensor.data.BYTES_PER_ELEMENT
  const placed = [...tensors].sort((a, b) => bytesPerElement(b) - bytesPerElement(a))
  const entries = new Map<string, object>([['__metadata__', metadata]])
  let end = 0
  for (const { name, tensor } of placed) {
    if (entries.has(name)) throw new OptionError('writeSafetensors', 'tensors', name, 'names of their own')
    if (/\p{Surrogate}/u.test(name))
      throw new OptionError('writeSafetensors', 'tensors', name, 'names of whole characters')
    const from = end
    end += tensor.size * tensor.data.BYTES_PER_ELEMENT
    const dtype = dtypes[tensor.data[Symbol.toStringTag]]
    entries.set(name, { dtype, shape: tensor.shape, data_offsets: [from, end] })
  }
  // From entries, since a name may be `__proto__`.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const start = PREFIX_BYTES + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX_BYTES), true)
  bytes.fill(0x20, PREFIX_BYTES, start)
  bytes.set(json, PREFIX_BYTES)
  let offset = start
  for (const { tensor } of placed) {
    const { buffer, byteOffset, byteLength } = flat(tensor)
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset)
    offset += byteLength
  }
  return bytes
}
