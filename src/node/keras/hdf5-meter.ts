/** What reading a file may ask for: ten times as much as reading any file of Keras does. */
const UNITS = 20_000
const UNITS_PER_BYTE = 4

/**
 * A JavaScript function that returns `load`, which loads a reader of HDF5 files from a path, and `measure`, which makes of a file's
 * bytes the buffer for it to read.
 *
 * All that the reader then asks for is counted: numbers read, bytes copied, characters decoded, the lengths of lists. So a file
 * that sends it round in circles, or tells of more than it has, is refused after the same work on any machine, and soon. For this
 * the reader is loaded with names of its own in the place of three global ones.
 */
export const hdf5Meter = `() => {
  let left = Infinity
  const spend = units => {
    left -= units
    if (left < 0) throw new Error('it goes round in circles, or tells of far more than it has')
  }

  class MeteredView extends DataView {}
  for (const name of Object.getOwnPropertyNames(DataView.prototype).filter(name => /^get/.test(name))) {
    const get = DataView.prototype[name]
    MeteredView.prototype[name] = function (offset, littleEndian) {
      spend(1)
      return get.call(this, offset, littleEndian)
    }
  }

  class MeteredDecoder extends TextDecoder {
    // Keras says of its texts that they are ASCII, and writes UTF-8.
    constructor() {
      super()
    }

    decode(bytes) {
      spend(bytes.byteLength / 8)
      return super.decode(bytes)
    }
  }

  // The engine makes a hash table of a list of some ten million numbers, which takes far more time and memory.
  const MAX_PLAIN_LENGTH = 2 ** 20
  const MeteredArray = new Proxy(Array, {
    construct(target, args, newTarget) {
      const length = args.length === 1 && typeof args[0] === 'number' ? args[0] : 0
      spend(length)
      return length > MAX_PLAIN_LENGTH ? new Float64Array(length) : Reflect.construct(target, args, newTarget)
    },
  })

  return {
    load(path) {
      const { compileFunction } = require('node:vm')
      const source = require('node:fs').readFileSync(path, 'utf8')
      const names = { DataView: MeteredView, TextDecoder: MeteredDecoder, Array: MeteredArray }
      const module = { exports: {} }
      const scope = { module, exports: module.exports, ...names }
      compileFunction(source, Object.keys(scope), { filename: path })(...Object.values(scope))
      return module.exports
    },

    measure(bytes) {
      left = ${UNITS} + ${UNITS_PER_BYTE} * bytes.length
      const { buffer } = new Uint8Array(bytes)
      const slice = (start, end) => {
        const copy = ArrayBuffer.prototype.slice.call(buffer, start, end)
        spend(1 + copy.byteLength / 64)
        return copy
      }
      return Object.assign(buffer, { slice })
    },
  }
}`
