import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ConvnetError } from 'convnet-ts'
import { refuse } from './options.ts'
import { Refusal } from './refusal.ts'

/** What is asked for by a method and a path, `POST /predict`: a text, or an object, which is sent as JSON. */
export type Routes = {
  readonly [methodAndPath: string]: (request: IncomingMessage) => string | object | Promise<object>
}

/** Milliseconds that a closing server waits for requests that have begun. */
const PATIENCE = 2000

/**
 * Serves routes to this machine alone.
 *
 * @param port 0: any that is free
 * @throws OptionError where the port cannot be had
 */
export async function listen(port: number, routes: Routes): Promise<Server> {
  const server = createServer({ headersTimeout: 5000, requestTimeout: 10_000 }, async (request, response) => {
    // Connections that are kept alive would keep a closing server open.
    const send = (...answer: Answer) => write(response, server.listening, ...answer)
    try {
      send(200, await routeOf(routes, request)(request))
    } catch (error) {
      if (error instanceof Refusal) return send(error.status, { error: error.message }, error.headers)
      console.error(`${request.method} ${request.url}: ${(error as Error).message}`)
      send(500, { error: 'the server has failed to answer' })
    }
  })
  server.maxConnections = 200
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES') {
      throw refuse('--port', port, 'a port that is free and that you may use, or 0 for any')
    }
    throw new ConvnetError(`port ${port} cannot be listened to: ${message}`, { cause })
  }
  return server
}

/** Lets no new requests in, and waits until those that have begun are answered, though not for ever. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const timer = setTimeout(() => server.closeAllConnections(), PATIENCE)
  await closed
  clearTimeout(timer)
}

function routeOf(routes: Routes, { method, url, headers }: IncomingMessage): Routes[string] {
  // A name that is not this machine's own is another site's, which has it lead here to be let in as if it were this one.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(headers.host ?? '')) {
    throw new Refusal(403, 'this server is for its own machine, as 127.0.0.1 or localhost')
  }
  const path = url?.split('?')[0] ?? ''
  const route = `${method === 'HEAD' ? 'GET' : method} ${path}`
  if (Object.hasOwn(routes, route)) return routes[route]
  const known = Object.keys(routes).map(name => name.split(' '))
  const methods = known.filter(([, ofRoute]) => ofRoute === path).map(([ofRoute]) => ofRoute)
  if (methods.length === 0) throw new Refusal(404, `there is no ${path}: GET / tells what there is`)
  const allow = methods.flatMap(name => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ')
  throw new Refusal(405, `the method is ${method}, expected ${allow}`, { allow })
}

type Answer = [status: number, answer: string | object, headers?: { readonly [name: string]: string }]

function write(response: ServerResponse, keepsAlive: boolean, ...[status, answer, headers]: Answer): void {
  const isText = typeof answer === 'string'
  const body = isText ? answer : `${JSON.stringify(answer)}\n`
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(keepsAlive ? {} : { connection: 'close' }),
    ...headers,
  })
  response.end(body)
}
