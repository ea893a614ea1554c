import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DataError, OptionError } from '../../../src/errors.ts'
import { type DownloadOptions, download } from '../../../src/node/fashion-mnist/download.ts'
import { type FileServer, type Reply, sendCut, sendFile, serve } from '../../support/file-server.ts'

/** Bytes that no cut, shift or repetition leaves the same. */
const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 7)) & 255))
const md5 = createHash('md5').update(content).digest('hex')
const wrong = Buffer.from(content)
wrong[1234] ^= 1

let folder: string
let file: string
let server: FileServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'))
  file = join(folder, 'cache', 'file.gz')
})
afterEach(async () => {
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true })
})

async function from(reply: Reply): Promise<DownloadOptions> {
  server = await serve(reply)
  return { url: `${server.url}file.gz`, file, md5, bytes: content.length, backoff: 1, timeout: 2000 }
}

async function failure(promise: Promise<void>): Promise<DataError> {
  const error = await promise.then(
    () => new Error('downloaded without an error'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DataError)
  expect((error as DataError).place.file).toBe(file)
  expect(existsSync(file)).toBe(false)
  return error as DataError
}

function expectDownloaded(): void {
  expect(readFileSync(file).equals(content)).toBe(true)
  expect(readdirSync(join(folder, 'cache'))).toEqual(['file.gz'])
}

/** A cut connection may lose some of what had been sent, so the range's beginning varies. */
function expectResumed(): void {
  expect(server!.requests).toHaveLength(2)
  expect(server!.requests[1]).toMatch(/^\/file\.gz bytes=[1-9]\d*-$/)
}

function leave(name: string, bytes: Uint8Array): void {
  writeFileSync(join(folder, name), bytes)
}

describe('download', () => {
  test('downloads a file, tells how far it is, and does not ask for it again', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    const progress: number[][] = []
    await download({ ...options, onProgress: (done, total) => progress.push([done, total]) })
    expectDownloaded()
    expect(progress[0]).toEqual([0, 300_000])
    expect(progress.at(-1)).toEqual([300_000, 300_000])
    await download(options)
    expect(server!.requests).toEqual(['/file.gz'])
  })

  test.skipIf(process.platform === 'win32')('replaces a pipe', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    file = join(folder, 'file.gz')
    execFileSync('mkfifo', [file])
    await download({ ...options, file })
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  test('replaces a file with other contents', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    file = join(folder, 'file.gz')
    leave('file.gz', wrong)
    await download({ ...options, file })
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  test('goes on where a cut reply ended', async () => {
    const said: string[] = []
    const options = await from((request, response, n) =>
      n === 0 ? sendCut(content, 100_000, response) : sendFile(content, request, response),
    )
    await download({ ...options, say: message => said.push(message) })
    expectDownloaded()
    expectResumed()
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^file\.gz: .+; trying again$/)
  })

  test('starts again where the server knows no ranges', async () => {
    const options = await from((_, response, n) => {
      if (n === 0) return sendCut(content, 100_000, response)
      response.end(content)
    })
    await download(options)
    expectDownloaded()
    expectResumed()
  })

  test.each([
    ['another range', 'bytes 0-299999/300000'],
    ['a range of another file', 'bytes 1000-5000/5001'],
    ['no range', undefined],
  ])('does not believe a partial reply with %s', async (_, range) => {
    const options = await from((request, response, n) => {
      if (n > 0) return sendFile(content, request, response)
      response.writeHead(206, range === undefined ? {} : { 'content-range': range })
      response.end(wrong.subarray(1000))
    })
    file = join(folder, 'file.gz')
    leave('file.gz.part', content.subarray(0, 1000))
    await download({ ...options, file, retries: 0 })
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(server!.requests).toEqual(['/file.gz bytes=1000-', '/file.gz'])
  })

  test('refuses a partial reply where it asked for all', async () => {
    const options = await from((_, response) => response.writeHead(206).end(content))
    expect((await failure(download(options))).message).toContain('the server answered 206 Partial Content')
  })

  test('starts again at once where the range cannot be had', async () => {
    const options = await from((request, response) => {
      if (request.headers.range) response.writeHead(416).end()
      else sendFile(content, request, response)
    })
    file = join(folder, 'file.gz')
    leave('file.gz.part', content.subarray(0, 1000))
    await download({ ...options, file, retries: 0 })
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(server!.requests).toEqual(['/file.gz bytes=1000-', '/file.gz'])
  })

  test('uses what an earlier download left, as FILE.part or under the name of a killed process', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    file = join(folder, 'file.gz')
    leave('file.gz.part', content.subarray(0, 777))
    await download({ ...options, file })
    rmSync(file)
    leave('file.gz.part.999999999-0123', content.subarray(0, 888))
    await download({ ...options, file })
    expect(readdirSync(folder)).toEqual(['file.gz'])
    rmSync(file)
    leave('file.gz.part', content)
    await download({ ...options, file })
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(server!.requests).toEqual(['/file.gz bytes=777-', '/file.gz bytes=888-'])
  })

  test('leaves alone what a living process writes to', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    file = join(folder, 'file.gz')
    leave(`file.gz.part.${process.pid}-0123`, wrong.subarray(0, 888))
    await download({ ...options, file })
    expect(readdirSync(folder)).toEqual(['file.gz', `file.gz.part.${process.pid}-0123`])
    expect(server!.requests).toEqual(['/file.gz'])
  })

  test('deletes wrong bytes and asks again, also where only the left part was wrong', async () => {
    const options = await from((request, response, n) =>
      sendFile(n === 1 ? wrong : content, request, response),
    )
    file = join(folder, 'file.gz')
    leave('file.gz.part', wrong.subarray(0, 2000))
    await download({ ...options, file })
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(server!.requests).toEqual(['/file.gz bytes=2000-', '/file.gz', '/file.gz'])
  })

  test('gives up on bytes that are always wrong, and keeps none of them', async () => {
    const options = await from((request, response) => sendFile(wrong, request, response))
    const error = await failure(download({ ...options, retries: 2 }))
    expect(error.message).toContain(
      `cannot be downloaded from ${server!.url}file.gz: wrong bytes came: their MD5 is`,
    )
    expect(error.message).toContain(`expected ${md5}`)
    expect(server!.requests).toHaveLength(3)
    expect(readdirSync(join(folder, 'cache'))).toEqual([])
  })

  test('does not take another file for it, such as a hotel’s login page', async () => {
    const options = await from((_, response) => response.end('<html>Please log in</html>'))
    const error = await failure(download({ ...options, retries: 1 }))
    expect(error.message).toContain('answered 200 OK with 26 bytes, expected 300000')
    expect(readdirSync(join(folder, 'cache'))).toEqual([])
  })

  test('stops a reply that is too long', async () => {
    const options = await from((_, response) => {
      response.write(content)
      response.end('more')
    })
    expect((await failure(download({ ...options, retries: 0 }))).message).toContain(
      'more than 300000 bytes came',
    )
  })

  test('does not ask twice for a file that is not there', async () => {
    const options = await from((_, response) => response.writeHead(404).end('nothing'))
    expect((await failure(download(options))).message).toContain('file.gz: the server answered 404 Not Found')
    expect(server!.requests).toHaveLength(1)
  })

  test.each([500, 503, 429])('asks again after HTTP %i', async status => {
    const options = await from((request, response, n) =>
      n === 0 ? response.writeHead(status).end() : sendFile(content, request, response),
    )
    await download(options)
    expectDownloaded()
  })

  test('gives up a connection that goes silent, before the headers or after them', async () => {
    const options = await from((request, response, n) => {
      if (n === 0) return
      if (n > 1) return sendFile(content, request, response)
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 50_000))
    })
    const said: string[] = []
    await download({ ...options, timeout: 200, say: message => said.push(message) })
    expectDownloaded()
    expect(said).toHaveLength(2)
    for (const message of said) expect(message).toContain('nothing came for 0.2 s')
    expect(server!.requests.at(-1)).toBe('/file.gz bytes=50000-')
  })

  test('keeps what has come where it gives up, for the next time', async () => {
    const options = await from((_, response, n) => {
      if (n === 0) sendCut(content, 100_000, response)
      else response.writeHead(500).end()
    })
    expect((await failure(download({ ...options, retries: 1 }))).message).toContain('answered 500')
    expect(readdirSync(join(folder, 'cache'))).toEqual(['file.gz.part'])
    const kept = readFileSync(`${file}.part`)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.equals(content.subarray(0, kept.length))).toBe(true)
  })

  test('says that a connection was refused', async () => {
    const options = await from(() => {})
    await server!.close()
    expect((await failure(download({ ...options, retries: 1 }))).message).toContain('ECONNREFUSED')
  })

  test('stops when told to, with the signal’s reason, and keeps what has come', async () => {
    const stop = new AbortController()
    const options = await from((_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 50_000))
    })
    const onProgress = (done: number) => {
      if (done === 50_000) stop.abort(new Error('enough'))
    }
    await expect(download({ ...options, signal: stop.signal, onProgress })).rejects.toThrow(/^enough$/)
    expect(server!.requests).toHaveLength(1)
    expect(readdirSync(join(folder, 'cache'))).toEqual(['file.gz.part'])
    await expect(download({ ...options, signal: stop.signal })).rejects.toThrow(/^enough$/)
    expect(server!.requests).toHaveLength(1)
  })

  test('stops while it waits to try again', async () => {
    const stop = new AbortController()
    const options = await from((_, response) => response.writeHead(500).end())
    const say = () => stop.abort(new Error('enough'))
    const started = performance.now()
    await expect(download({ ...options, backoff: 60_000, signal: stop.signal, say })).rejects.toThrow(
      'enough',
    )
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('is not disturbed by others that download the same file at once', async () => {
    const options = await from((request, response, n) => {
      if (n % 3 === 0) sendCut(content, 1000 * (n + 1), response)
      else setTimeout(() => sendFile(content, request, response), 5 * (n % 4))
    })
    await Promise.all(Array.from({ length: 6 }, () => download(options)))
    expectDownloaded()
  })

  test('does not retry where it cannot write', async () => {
    const options = await from((request, response) => sendFile(content, request, response))
    leave('taken', Buffer.of(1))
    file = join(folder, 'taken', 'file.gz')
    expect((await failure(download({ ...options, file }))).message).toMatch(
      /cannot be written \(E(EXIST|NOTDIR)/,
    )
    expect(server!.requests).toEqual([])
  })

  test('refuses bad options', async () => {
    const options = await from(() => {})
    for (const bad of [
      { url: 'labels.gz' },
      { retries: -1 },
      { timeout: 0 },
      { bytes: 0.5 },
      { backoff: -1 },
    ]) {
      await expect(download({ ...options, ...bad })).rejects.toThrow(OptionError)
    }
    expect(server!.requests).toEqual([])
  })
})
