import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/**
 * The body of a request. What is beyond the limit is not kept.
 *
 * @throws Refusal 413 for more than `maxBytes`, 415 for one that is packed, 400 where the sender breaks off
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const packing = request.headers['content-encoding'] ?? 'identity'
    if (packing !== 'identity')
      return reject(new Refusal(415, `content-encoding is ${packing}, expected none`))
    const tooLarge = () => new Refusal(413, `the body is too large, expected at most ${maxBytes} bytes`)
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge())
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
      else reject(tooLarge())
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => reject(new Refusal(400, 'the body ends too early')))
  })
}
