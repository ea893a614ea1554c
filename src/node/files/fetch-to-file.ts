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

/** Options of {@link fetchToFile}. */
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
    throw new NetworkError(message || String(code), { cause: error })
  }
}

async function fetchFrom(start: number, options: FetchOptions): Promise<void> {
  const { url, part, bytes, timeout, onProgress, signal } = options
  const silence = new AbortController()
  const timer = setTimeout(() => {
    silence.abort(new NetworkError(`nothing came for ${timeout / 1000} s`))
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
    if (start > 0 && !mayFollow(reply, start, bytes)) {
      await reply.body?.cancel()
      return await fetchFrom(0, options)
    }
    check(reply, start, bytes)
    const from = reply.status === 206 ? start : 0
    file = await open(part, from > 0 ? 'a' : 'w')
    let done = from
    onProgress?.(done, bytes)
    for await (const chunk of reply.body ?? []) {
      timer.refresh()
      done += chunk.length
      if (done > bytes) throw new NetworkError(`more than ${bytes} bytes came`)
      await file.writeFile(chunk)
      onProgress?.(done, bytes)
    }
    if (done < bytes) throw new NetworkError(`the reply ended after ${done} of ${bytes} bytes`)
  } finally {
    clearTimeout(timer)
    silence.abort()
    await file?.close()
  }
}

/** False where a server cannot give the rest of the file, or gives another part than it was asked for. */
function mayFollow({ status, headers }: Response, start: number, bytes: number): boolean {
  if (status === 206) return headers.get('content-range') === `bytes ${start}-${bytes - 1}/${bytes}`
  return status !== 416
}

/** Refuses a reply that is not worth reading. */
function check({ status, statusText, headers }: Response, start: number, bytes: number): void {
  const answer = `the server answered ${status} ${statusText}`.trimEnd()
  if (status === 408 || status === 429 || status >= 500) throw new NetworkError(answer)
  if (status !== 200 && !(status === 206 && start > 0)) throw new NetworkError(answer, { final: true })
  const length = headers.get('content-length')
  if (status === 200 && length !== null && Number(length) !== bytes) {
    throw new NetworkError(`${answer} with ${length} bytes, expected ${bytes}`)
  }
}
