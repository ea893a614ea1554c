/** Objects that a file may have, and groups in one another: more than any model, and a group may contain itself. */
const MAX_OBJECTS = 100_000
const MAX_DEPTH = 20

/**
 * The program of a process that reads an HDF5 file: a JavaScript function of the path of the package `jsfive`. It is sent
 * `{ bytes }`, and sends `{ objects }`, what the file has; then `{ paths }`, and sends `{ arrays }`, their numbers; or
 * `{ problem }` in their place. It is text for the reasons that a crew's program is.
 */
export const hdf5Program = `library => {
  const { File, Group } = require(library)
  const datasets = new Map()

  function describe(bytes) {
    const objects = new Map()
    const visit = (path, object, depth) => {
      if (objects.size >= ${MAX_OBJECTS}) throw new Error('it has more than ${MAX_OBJECTS} objects')
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
    // The reader takes a whole buffer, and these bytes may be a part of one.
    visit('', new File(new Uint8Array(bytes).buffer), 0)
    return objects
  }

  // Texts of a fixed length are filled up with zeros.
  const plain = value => {
    if (Array.isArray(value)) return value.map(plain)
    return typeof value === 'string' ? value.replace(/\\0+$/, '') : value
  }

  const numbersOf = path => Float32Array.from(datasets.get(path).value)

  process.on('message', ({ bytes, paths }) => {
    try {
      process.send(bytes ? { objects: describe(bytes) } : { arrays: paths.map(numbersOf) })
    } catch (error) {
      process.send({ problem: String(error?.message ?? error) })
    }
  })
}`
