import { hdf5Meter } from './hdf5-meter.ts'

/** Groups may lie so deep in one another: deeper than those of any model, and a group may contain itself. */
const MAX_DEPTH = 20

/**
 * The program of a process that reads an HDF5 file: a JavaScript function of the path of the package `jsfive`. It is sent
 * `{ bytes }`, and sends `{ objects }`, what the file has; then `{ paths }`, and sends `{ arrays }`, their numbers; or
 * `{ problem }` in their place. It is text for the reasons that a crew's program is.
 */
export const hdf5Program = `library => {
  const { load, measure } = (${hdf5Meter})()
  const { File, Group } = load(library)
  const datasets = new Map()

  function describe(bytes) {
    const objects = new Map()
    const visit = (path, object, depth) => {
      if (depth > ${MAX_DEPTH}) throw new Error('its groups lie more than ${MAX_DEPTH} deep')
      if (!(object instanceof Group)) {
        datasets.set(path, object)
        const { shape, dtype } = object
        objects.set(path, { attributes: new Map(), dataset: { shape, dtype: String(dtype) } })
        return
      }
      const attributes = new Map(Object.entries(object.attrs).map(([name, value]) => [name, plain(value)]))
      objects.set(path, { attributes, dataset: null })
      for (const key of object.keys) {
        const child = object.get(key)
        if (child) visit(path === '' ? key : path + '/' + key, child, depth + 1)
      }
    }
    datasets.clear()
    visit('', new File(measure(bytes)), 0)
    return objects
  }

  // Texts of a fixed length are filled up with zeros.
  const plain = value => {
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'string') return value
    let end = value.length
    while (value[end - 1] === '\\0') end--
    return value.slice(0, end)
  }

  const numbersOf = path => {
    const dataset = datasets.get(path)
    // Chunks may be packed, and each may become a thousand times its size.
    if (dataset._dataobjects?.chunks) throw new Error(path + ' lies in chunks, which Keras does not make')
    return new Float32Array(dataset.value)
  }

  // The reader has texts for what it refuses, and stumbles over the rest.
  const problemOf = error => {
    const text = String(error?.message ?? error)
    const isMeant = typeof error === 'string' || error.constructor === Error
    return isMeant ? text : 'it is cut off or damaged (' + text + ')'
  }

  process.on('message', ({ bytes, paths }) => {
    try {
      process.send(bytes ? { objects: describe(bytes) } : { arrays: paths.map(numbersOf) })
    } catch (error) {
      process.send({ problem: problemOf(error) })
    }
  })
}`
