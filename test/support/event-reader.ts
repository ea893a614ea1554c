import { get, type IncomingMessage } from 'node:http'

/** Follows a live view as its page does: takes events, and puts what they bring into its place. */
export interface EventReader {
  /** The content of each element that was told of, by its id. */
  readonly contents: Map<string, string>
  /** When each event came, in milliseconds. */
  readonly times: number[]
  /** All text as it came. */
  readonly text: () => string
  readonly response: IncomingMessage
  /** Fulfilled when the server has ended the connection. */
  readonly ended: Promise<void>
  close(): void
}

/** @param url of the page, with a slash at its end */
export async function readEvents(url: string): Promise<EventReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}events`, resolve).on('error', reject)
  })
  const contents = new Map<string, string>()
  const times: number[] = []
  let text = ''
  let rest = ''
  const first = new Promise<void>(resolve => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const events = (rest + chunk).split('\n\n')
      rest = events.pop()!
      for (const event of events) {
        const data = event.split('\n').find(line => line.startsWith('data: '))!
        for (const [id, html] of Object.entries(JSON.parse(data.slice(6)))) contents.set(id, String(html))
        times.push(performance.now())
        resolve()
      }
    })
  })
  const ended = new Promise<void>(resolve => {
    response.on('error', () => {}).on('close', resolve)
  })
  await first
  return { contents, times, text: () => text, response, ended, close: () => response.destroy() }
}
