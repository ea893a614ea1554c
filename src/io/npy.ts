import { formatShape } from '../tensor/shape.ts'
import { flat, type Tensor } from '../tensor/tensor.ts'
import { littleEndian } from './little-endian.ts'

/** `\x93NUMPY`, and the version of the format: 1.0. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)

/** The numbers start at a multiple of this many bytes, so that the file can be mapped into memory. */
const ALIGNMENT = 64

/** NumPy leaves room for a first axis of so many digits, so that rows can be added to a file in place. */
const GROWTH_DIGITS = 21

/**
 * Writes a tensor as a `.npy` file, as `numpy.save` does: a header with type and shape as a literal in
 * Python, and the numbers.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npy(x: Tensor): Uint8Array {
  const literal = `{'descr': '<f4', 'fortran_order': False, 'shape': ${formatShape(x.shape)}, }`
  const growth = x.dimension === 0 ? 0 : GROWTH_DIGITS - String(x.shape[0]).length
  const before = MAGIC.length + 2
  const length = (Math.floor((before + literal.length + growth + 1) / ALIGNMENT) + 1) * ALIGNMENT
  const header = `${literal.padEnd(length - before - 1)}\n`
  const numbers = littleEndian(flat(x))
  const file = new Uint8Array(length + numbers.length)
  file.set(MAGIC)
  file.set([header.length & 0xff, header.length >> 8], MAGIC.length)
  file.set(new TextEncoder().encode(header), before)
  file.set(numbers, length)
  return file
}
