import type { FileHandle } from 'node:fs/promises'

/** No system reads 2 GiB in one piece. */
const MAX_PIECE_BYTES = 2 ** 30

/**
 * Reads a file from a position on until the bytes are full: in pieces, and one `read` may give fewer than it was asked for.
 *
 * @throws Error where the file ends before
 */
export async function readInto(
  bytes: Uint8Array,
  file: Pick<FileHandle, 'read'>,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const wanted = Math.min(bytes.length - done, MAX_PIECE_BYTES)
    const { bytesRead } = await file.read(bytes, done, wanted, position + done)
    if (bytesRead === 0) throw new Error('the file became shorter while it was read')
    done += bytesRead
  }
}
