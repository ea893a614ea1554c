import { type FileHandle, open, stat } from 'node:fs/promises'

/** A server could not be reached, or did not send the file. */
export class NetworkError extends Error {
  /** Whether another try would be in vain. */
  readonly final: boolean

  constructor(message: string, { final = false, cause }: { final?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.final = final
  }
}

export interface FetchOptions {
  readonly url: string
  /** The file to write to. What it holds already is not asked for again. */
  readonly part: string
  /** How long the whole file is. */
  readonly bytes: number
  /** Milliseconds without a byte after which the connection is given up. */
  readonly timeout: number
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
  readonly signal?: AbortSignal
}

/**
 * Fetches a file over HTTP, or the rest of it, once.
 *
 * @throws NetworkError for no connection, one that is cut or silent, a server error, a reply that is another file, and,
 * as final, for HTTP 404 and the like
 */
export async function fetchToFile(options: FetchOptions): Promise<void> {
  const { part, bytes, signal } = options
  const have = await stat(part).then(
    ({ size }) => size,
    () => 0,
  )
  if (have === bytes) return
  try {
    await fetchFrom(have < bytes ? have : 0, options)
  } catch (error) {
    signal?.throwIfAborted()
    // Whatever fails in `fetch` and its streams is a TypeError with a cause.
    if (!(error instanceof TypeError && error.cause instanceof Error)) throw error
    const { message, code } = error.cause as NodeJS.ErrnoException
    throw new NetworkError(`${options.url}: ${message || code}`, { cause: error })
  }
}

async function fetchFrom(start: number, options: FetchOptions): Promise<void> {
  const { url, part, bytes, timeout, onProgress, signal } = options
  const silence = new AbortController()
  const timer = setTimeout(() => {
    silence.abort(new NetworkError(`${url}: nothing came for ${timeout / 1000} s`))
  }, timeout)
  let file: FileHandle | undefined
  try {
    // A server that packs its replies once more would send other bytes than those of the file.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' }
    if (start > 0) headers.range = `bytes=${start}-`
    const reply = await fetch(url, {
      headers,
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    })
    if (start > 0 && reply.status === 416) {
      await reply.body?.cancel()
      return await fetchFrom(0, options)
    }
    const from = firstByte(reply, start, options)
    file = await open(part, from > 0 ? 'a' : 'w')
    let done = from
    onProgress?.(done, bytes)
    for await (const chunk of reply.body ?? []) {
      timer.refresh()
      done += chunk.length
      if (done > bytes) throw new NetworkError(`${url}: more than ${bytes} bytes came`)
      await file.writeFile(chunk)
      onProgress?.(done, bytes)
    }
    if (done < bytes) throw new NetworkError(`${url}: the reply ended after ${done} of ${bytes} bytes`)
  } finally {
    clearTimeout(timer)
    silence.abort()
    await file?.close()
  }
}

/** The place in the file of the reply's first byte, for a reply that is worth reading. */
function firstByte({ status, statusText, headers }: Response, asked: number, options: FetchOptions): number {
  const { url, bytes } = options
  const answer = `${url} answered ${status} ${statusText}`.trimEnd()
  if (status === 408 || status === 429 || status >= 500) throw new NetworkError(answer)
  if (status !== 200 && status !== 206) throw new NetworkError(answer, { final: true })
  if (status === 206) {
    const range = headers.get('content-range')
    if (asked > 0 && range?.startsWith(`bytes ${asked}-`) && range.endsWith(`/${bytes}`)) return asked
    throw new NetworkError(`${answer} with the range ${range}, expected bytes ${asked}-${bytes - 1}/${bytes}`)
  }
  const length = headers.get('content-length')
  if (length !== null && Number(length) !== bytes) {
    throw new NetworkError(`${answer} with ${length} bytes, expected ${bytes}`)
  }
  return 0
}
