/** How the files of Keras begin: `.keras` is a zip archive, `.h5` an HDF5 file. */
const signatures: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['an HDF5 file', [0x89, 0x48, 0x44, 0x46]],
]

/** What a file is that Keras may have written, by its first bytes; null for others. */
export function kerasSignature(bytes: Uint8Array): string | null {
  return signatures.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte))?.[0] ?? null
}
