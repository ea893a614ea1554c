/** Bytes that are encoded at a time: a multiple of 3, so that no piece but the last is padded. */
const PIECE = 3 * 4096

/** Bytes as base64, in any engine. */
export function base64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let from = 0; from < bytes.length; from += PIECE) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE))))
  }
  return pieces.join('')
}
