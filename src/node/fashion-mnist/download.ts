import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DataError, OptionError } from '../../errors.ts'
import { wholeNumber } from '../../options.ts'
import { fetchToFile, NetworkError } from '../files/fetch-to-file.ts'
import { makeFolder } from '../files/make-folder.ts'
import { openFile } from '../files/open-file.ts'
import { claimPart, releasePart } from '../files/part-file.ts'

/** Options of {@link download}. */
export interface DownloadOptions {
  readonly url: string
  /** Where it is to be; its folder is made. */
  readonly file: string
  /** What the file's MD5 must be, in hexadecimal. */
  readonly md5: string
  /** How long the file must be. */
  readonly bytes: number
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
  /** Told of each failure after which it is tried again. */
  readonly say?: (message: string) => void
  /** Stops the download, which then throws the signal's reason. What has come is kept for the next time. */
  readonly signal?: AbortSignal
  /** How many more times to try after a failure. Default 3. */
  readonly retries?: number
  /** Milliseconds before the second try, doubled before each further one. Default 500. */
  readonly backoff?: number
  /** Milliseconds without a byte after which a try has failed. Default 20,000. */
  readonly timeout?: number
}

/**
 * Downloads a file, unless it is there already. The bytes go to a file beside it, which gets the file's name
 * only when its MD5 is right; what a failed or killed download has left there is not asked for again. Several processes
 * may download the same file at once. Tries again after cut connections, silence, server errors and wrong bytes.
 *
 * @throws DataError naming the file and the address where all tries have failed, the server does not have the file, or
 * it cannot be written
 * @throws OptionError for a `url` that is none, or a count that is not a whole number
 * @example
 * await download({ url: `${OFFICIAL_ADDRESS}t10k-labels-idx1-ubyte.gz`, file: 'labels.gz', md5, bytes: 5148 })
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, file, md5, bytes, retries = 3, backoff = 500, timeout = 20_000, signal, say } = options
  if (!URL.canParse(url)) throw new OptionError('download', 'url', url, 'a URL')
  wholeNumber('download', 'bytes', bytes, { min: 1 })
  wholeNumber('download', 'retries', retries, { min: 0 })
  wholeNumber('download', 'backoff', backoff, { min: 0 })
  wholeNumber('download', 'timeout', timeout, { min: 1 })
  signal?.throwIfAborted()
  if ((await md5Of(file)) === md5) return

  let part: string | undefined
  try {
    await makeFolder(dirname(file))
    part = await claimPart(file)
    for (let left = retries, wait = backoff; ; left--, wait *= 2) {
      const problem = await attempt({ ...options, timeout }, part)
      if (problem === null) break
      if (problem.final || left === 0) throw problem
      say?.(`${basename(file)}: ${problem.message}; trying again`)
      await pause(wait, undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
    await moveTo(file, part, md5)
  } catch (error) {
    if (part !== undefined) await releasePart(part, file)
    signal?.throwIfAborted()
    if (error instanceof NetworkError) {
      throw new DataError({ file }, `cannot be downloaded from ${url}: ${error.message}`, { cause: error })
    }
    throw new DataError({ file }, `cannot be written (${(error as Error).message})`, { cause: error })
  }
}

/** Tries once; gives back what went wrong on the network. */
async function attempt(
  options: DownloadOptions & { readonly timeout: number },
  part: string,
): Promise<NetworkError | null> {
  try {
    await fetchToFile({ ...options, part })
    // Of the file, not of what passed by: a resumed one has bytes that another process wrote.
    const found = await md5Of(part)
    if (found === options.md5) return null
    await rm(part)
    return new NetworkError(`wrong bytes came: their MD5 is ${found}, expected ${options.md5}`)
  } catch (error) {
    if (error instanceof NetworkError) return error
    throw error
  }
}

async function moveTo(file: string, part: string, md5: string): Promise<void> {
  try {
    await rename(part, file)
  } catch (error) {
    // On Windows a file that another process has just put there, and reads, cannot be replaced.
    if ((await md5Of(file)) !== md5) throw error
    await rm(part, { force: true })
  }
}

/** The MD5 of a file's contents, `null` where it cannot be read. */
async function md5Of(file: string): Promise<string | null> {
  const hash = createHash('md5')
  try {
    const opened = await openFile(file)
    for await (const chunk of opened.createReadStream()) hash.update(chunk)
  } catch {
    return null
  }
  return hash.digest('hex')
}
