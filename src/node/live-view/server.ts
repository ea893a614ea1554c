import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConvnetError, OptionError } from '../../errors.ts'

/** What a server sends for each path that it has: `/`. */
export type Routes = { readonly [path: string]: RequestListener }

/** Pages of other sites have no business here; none of them may read, frame or script what is served. */
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves some paths to this machine alone. Neither the server nor its connections keep the process alive.
 *
 * @param owner who takes the option `port`
 * @param port 0: any that is free
 * @throws OptionError where the port is taken or not allowed
 */
export async function serveLocally(owner: string, port: number, routes: Routes): Promise<Server> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    const path = request.url?.split('?')[0] ?? ''
    const status = statusOf(request, Object.hasOwn(routes, path))
    if (status === 200) return routes[path](request, response)
    if (status === 405) response.setHeader('allow', 'GET, HEAD')
    response.writeHead(status, { 'content-type': 'text/plain' }).end()
  })
  server.on('connection', socket => socket.unref())
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
  } catch (cause) {
    throw refusal(owner, port, cause as NodeJS.ErrnoException)
  }
  return server.unref()
}

/** The address of a server that listens. */
export const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

function statusOf({ headers, method }: IncomingMessage, isKnown: boolean): number {
  // A name that is not this machine's own is another site's, which has it lead here to be let in as if it were this one.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(headers.host ?? '')) return 403
  if (method !== 'GET' && method !== 'HEAD') return 405
  return isKnown ? 200 : 404
}

function refusal(owner: string, port: number, cause: NodeJS.ErrnoException): ConvnetError {
  if (cause.code === 'EADDRINUSE')
    return new OptionError(owner, 'port', port, 'a port that is not in use, or 0 for any')
  if (cause.code === 'EACCES')
    return new OptionError(owner, 'port', port, 'a port that you may use, or 0 for any')
  return new ConvnetError(`${owner}: port ${port} cannot be listened to: ${cause.message}`, { cause })
}
