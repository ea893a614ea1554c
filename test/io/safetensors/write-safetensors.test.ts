import { expect, test } from 'vitest'
import { OptionError } from '../../../src/errors.ts'
import { arrayFrom } from '../../../src/io/safetensors/format.ts'
import { readSafetensors } from '../../../src/io/safetensors/read-safetensors.ts'
import { writeSafetensors } from '../../../src/io/safetensors/write-safetensors.ts'
import { type NumericArray, tensor } from '../../../src/tensor/tensor.ts'

const arrays: readonly NumericArray[] = [
  Uint8Array.of(1, 255, 3),
  Int8Array.of(-128, 127),
  Uint16Array.of(65535),
  Int16Array.of(-32768, 1),
  Uint32Array.of(2 ** 32 - 1),
  Int32Array.of(-(2 ** 31)),
  Float32Array.of(0.1, -0, Number.POSITIVE_INFINITY),
  Float64Array.of(0.1, Number.MIN_VALUE),
  new Float32Array(0),
]

test('what is written is read, each tensor at a multiple of its elements’ size', () => {
  const named = arrays.map((data, i) => ({ name: `t${i}`, tensor: tensor(data, [1, data.length]) }))
  const bytes = writeSafetensors(named, { text: 'größer' })
  const { metadata, tensors } = readSafetensors(bytes, 'a')
  expect(metadata.get('text')).toBe('größer')
  expect(tensors.size).toBe(arrays.length)
  for (const [i, data] of arrays.entries()) {
    const stored = tensors.get(`t${i}`)!
    expect(stored.shape).toEqual([1, data.length])
    expect(arrayFrom(stored)).toEqual(data)
    expect(stored.bytes.byteOffset % data.BYTES_PER_ELEMENT).toBe(0)
  }
})

test('writes the bytes that the format asks for', () => {
  const bytes = writeSafetensors([{ name: 'a', tensor: tensor(Float32Array.of(1), [1]) }], {})
  const header = '{"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.padEnd(72)
  expect(Buffer.from(bytes).toString('latin1')).toBe(`\x48\0\0\0\0\0\0\0${header}\0\0\x80\x3f`)
})

test('writes views as they look', () => {
  const matrix = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  const { tensors } = readSafetensors(
    writeSafetensors([{ name: 'a', tensor: matrix.transpose(1, 0) }], {}),
    'a',
  )
  expect(tensors.get('a')?.shape).toEqual([3, 2])
  expect(arrayFrom(tensors.get('a')!)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6))
})

test('refuses two tensors of one name', () => {
  const one = { name: 'a', tensor: tensor(new Float32Array(1), [1]) }
  expect(() => writeSafetensors([one, one], {})).toThrow(OptionError)
  expect(() => writeSafetensors([{ ...one, name: '__metadata__' }], {})).toThrow('tensors is "__metadata__"')
})
