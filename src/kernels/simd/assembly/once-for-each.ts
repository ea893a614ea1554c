/**
 * Remembers what a function has made of each object, and makes nothing again for another object with the same contents: a
 * plan that is compiled anew has geometries of its own, but no others.
 */
export function onceForEach<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const ofObject = new WeakMap<K, V>()
  const ofContents = new Map<string, V>()
  return key => {
    const known = ofObject.get(key)
    if (known !== undefined) return known
    const contents = JSON.stringify(key)
    const value = ofContents.get(contents) ?? make(key)
    ofContents.set(contents, value)
    ofObject.set(key, value)
    return value
  }
}

/** Remembers what a function has made of each number. */
export function onceForEachNumber<V>(make: (key: number) => V): (key: number) => V {
  const made = new Map<number, V>()
  return key => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}
