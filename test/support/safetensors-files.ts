/** The bytes of a safetensors file with this header, and so many bytes of data. */
export function safetensorsBytes(header: unknown, data: number | Uint8Array = 0): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const json = new TextEncoder().encode(text)
  const prefix = new Uint8Array(8)
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true)
  const content = typeof data === 'number' ? new Uint8Array(data) : data
  return Uint8Array.from([...prefix, ...json, ...content])
}
