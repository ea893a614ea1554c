import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does with a request; `n` counts the requests from 0. */
export type Reply = (request: IncomingMessage, response: ServerResponse, n: number) => void

/** A server on this machine, for tests of downloads, with a log of what it was asked. */
export interface FileServer {
  /** Its address, with `/` at the end. */
  readonly url: string
  /** One entry a request: the path, and the range where there was one. */
  readonly requests: string[]
  close(): Promise<void>
}

export async function serve(reply: Reply): Promise<FileServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { url = '', headers } = request
    requests.push(headers.range ? `${url} ${headers.range}` : url)
    reply(request, response, requests.length - 1)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Sends a whole file, or the rest that is asked for, as S3 does. */
export function sendFile(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const rest = content.subarray(start)
  const head = { 'content-length': rest.length }
  if (start === 0) response.writeHead(200, head)
  else {
    const range = `bytes ${start}-${content.length - 1}/${content.length}`
    response.writeHead(206, { ...head, 'content-range': range })
  }
  response.end(rest)
}

/** Sends the beginning of a file under the length of all of it, then cuts the connection. */
export function sendCut(content: Buffer, bytes: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': content.length })
  response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 50))
}
