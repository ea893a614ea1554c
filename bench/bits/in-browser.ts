/*
 * The program for a page: its fragment is a Choice as JSON, and it posts the Bits to the server that it comes from.
 */
import { trainedBits } from './train.ts'

const body = await trainedBits(JSON.parse(decodeURIComponent(location.hash.slice(1)))).then(
  bits => JSON.stringify(bits),
  error => JSON.stringify({ error: String(error) }),
)
await fetch('/', { method: 'POST', body })
