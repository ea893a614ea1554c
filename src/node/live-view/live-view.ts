import type { Callback } from '../../model/callbacks/callback.ts'
import { checkOptions, text, wholeNumber } from '../../options.ts'
import type { ReferenceCurves } from '../../report/curves.ts'
import { learningCurves } from '../../report/learning-curves.ts'
import { CONTENT_SECURITY } from './live-document.ts'
import { LivePage } from './live-page.ts'
import { addressOf, serveLocally } from './server.ts'

/** Options of {@link liveView}. */
export interface LiveViewOptions {
  /** From 1 to 65,535; default 0: any that is free. */
  readonly port?: number
  /** Stands above the page. Default 'Training'. */
  readonly title?: string
}

/** Options of {@link LiveView.run}. */
export interface LiveRunOptions {
  /** Default none. */
  readonly reference?: ReferenceCurves
}

/** A page that shows training under way. */
export interface LiveView {
  /** Where the page is: `http://127.0.0.1:41235/`. A browser keeps up with six windows of it at a time. */
  readonly url: string
  /**
   * A callback that shows a `fit` on the page, under a name, below those that have begun before it. Given to another
   * `fit`, it begins afresh; given to one that is resumed, it shows the epochs from the beginning, whether they were on a
   * page or not.
   *
   * @throws OptionError for a name that is no text, or curves that cannot be drawn
   * @throws StateError from a `fit` that it is given to while it follows another
   */
  run(name: string, options?: LiveRunOptions): Callback
  /** Stops serving. Pages that are open keep what they show, and training goes on without them. */
  close(): Promise<void>
}

/**
 * Serves a page that draws the curves of training while it goes on: how far it has come, its numbers, and how long it will
 * take. Only this machine can open it. Open the page at any time, and as often as you like; it shows everything from the
 * beginning, and comes back by itself after a lost connection. It costs nothing while nobody looks, and little otherwise.
 *
 * The page does not keep a program alive: when it ends, the page stays as it is in the browser.
 *
 * @throws OptionError for a bad option, or a port that is in use or may not be used
 * @example
 * const view = await liveView()
 * console.log(`Watch at ${view.url}`)
 * await model.fit(x, y, { epochs: 50, validationSplit: 0.2, callbacks: [view.run('32 filters')] })
 */
export async function liveView(options: LiveViewOptions = {}): Promise<LiveView> {
  const owner = 'liveView'
  checkOptions(owner, options, ['port', 'title'])
  const port = wholeNumber(owner, 'port', options.port ?? 0, { min: 0, max: 65_535 })
  const page = new LivePage(text(owner, 'title', options.title ?? 'Training'))
  const server = await serveLocally(owner, port, {
    '/': (_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': CONTENT_SECURITY,
      })
      response.end(page.document())
    },
    '/events': ({ method }, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (method === 'HEAD') response.end()
      else page.follow(response)
    },
  })
  return {
    url: addressOf(server),
    run(name, runOptions = {}) {
      checkOptions(`${owner}: run`, runOptions, ['reference'])
      const { reference } = runOptions
      // Drawn upon nothing, so that bad ones are refused here, and not while a model trains.
      if (reference) learningCurves({ loss: [0] }, { metrics: ['loss'], reference })
      return page.run(text(`${owner}: run`, 'name', name), reference)
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      await page.close()
      server.closeAllConnections()
      await closed
    },
  }
}
