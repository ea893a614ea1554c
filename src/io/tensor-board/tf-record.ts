import crc32c from 'crc-32/crc32c.js'

/** Bytes before the data of a record: its length and the checksum of that. */
const HEADER = 12

/** Bytes behind it: its checksum. */
const FOOTER = 4

/**
 * Frames bytes as one record of a TFRecord file, in little-endian order: length (8 bytes), checksum of the length (4),
 * the bytes, their checksum (4). A file is its records one behind the other, so it can be written a record at a time, and
 * a reader knows where one was cut off.
 *
 * Source: TensorFlow, `tensorflow/core/lib/io/record_writer.h`.
 *
 * @example
 * await appendFile(path, tfRecord(event))
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER + data.length + FOOTER)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true)
  record.set(data, HEADER)
  view.setUint32(HEADER + data.length, maskedCrc(data), true)
  return record
}

/** A checksum, CRC-32C, that is itself fit to be checked by one: rotated right by 15 bits, plus a constant. */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c.buf(data)
  return ((crc >>> 15) | (crc << 17)) + 0xa282ead8
}
