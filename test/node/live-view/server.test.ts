import { request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { OptionError } from 'convnet-ts'
import { afterEach, describe, expect, test } from 'vitest'
import { addressOf, serveLocally } from '../../../src/node/live-view/server.ts'

const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
})

async function start() {
  const server = await serveLocally('liveView', 0, {
    '/': (_, response) => response.end('the page'),
  })
  closings.push(() => server.close())
  return { url: addressOf(server), port: (server.address() as AddressInfo).port, server }
}

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly host?: string
}

async function ask(url: string, { path = '/', method = 'GET', host = 'localhost' }: Asked) {
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      request(url, { path, method, headers: { host, connection: 'close' } }, response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }))
      })
        .on('error', reject)
        .end()
    },
  )
}

describe('serveLocally', () => {
  test.each(['localhost', 'LocalHost:8080', '127.0.0.1', '127.0.0.1:1', '[::1]:65535'])(
    'answers whoever calls it %s',
    async host => {
      const { url } = await start()
      expect(await ask(url, { host })).toMatchObject({ status: 200, text: 'the page' })
    },
  )

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'evil.example@localhost',
    '127.0.0.2',
    'xlocalhost',
    'localhost:80:80',
  ])('refuses whoever calls it "%s"', async host => {
    const { url } = await start()
    const { status, text } = await ask(url, { host })
    expect({ status, text }).toEqual({ status: 403, text: '' })
  })

  test('refuses whoever does not call it by a name', async () => {
    const { port } = await start()
    const answer = await new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
      socket.on('data', data => resolve(String(data).split('\r\n')[0]))
    })
    expect(answer).toBe('HTTP/1.1 403 Forbidden')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('does not know the method %s', async method => {
    const { url } = await start()
    const { status, text, headers } = await ask(url, { method })
    expect({ status, text, allow: headers.allow }).toEqual({ status: 405, text: '', allow: 'GET, HEAD' })
  })

  test('sends headers alone where they alone are asked for', async () => {
    const { url } = await start()
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  test.each(['/favicon.ico', '//', '/../../etc/passwd', '/constructor', '/__proto__', '*'])(
    'has no %s',
    async path => {
      const { url } = await start()
      expect(await ask(url, { path })).toMatchObject({ status: 404, text: '' })
    },
  )

  test('takes a path with a question behind it', async () => {
    const { url } = await start()
    expect(await ask(url, { path: '/?theme=dark' })).toMatchObject({ status: 200, text: 'the page' })
  })

  test('lets no page of another site read it', async () => {
    const { url } = await start()
    const { headers } = await ask(url, {})
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
  })

  test('listens on the loopback address alone', async context => {
    const { server, port } = await start()
    expect(server.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' })
    const outer = Object.values(networkInterfaces())
      .flat()
      .find(network => network && !network.internal && network.family === 'IPv4')
    if (!outer) return context.skip('this machine has no other address')
    const code = await new Promise(resolve => {
      const socket = connect(port, outer.address, () => resolve('connected'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      closings.push(() => socket.destroy())
    })
    expect(code).toBe('ECONNREFUSED')
  })

  test('names a port that is in use', async () => {
    const { port } = await start()
    const second = serveLocally('liveView', port, {})
    await expect(second).rejects.toThrow(OptionError)
    await expect(second).rejects.toThrow(
      `liveView: port is ${port}, expected a port that is not in use, or 0 for any`,
    )
  })
})
