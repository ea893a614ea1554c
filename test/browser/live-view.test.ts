import type { Callback } from 'convnet-ts'
import { type LiveView, liveView } from 'convnet-ts/report'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts'
import { toyData, toyModel } from '../support/toy.ts'

const { x, y } = toyData(96)

const fit = (callbacks: readonly Callback[], epochs: number) =>
  toyModel().fit(x, y, { epochs, batchSize: 8, validationSplit: 0.25, verbose: 0, callbacks })

describe("a live view's page in Chromium", () => {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  /** Runs a test with an open page, which must be without problems unless they are lost connections. */
  const onPage = (name: string, run: (page: Page, view: LiveView) => Promise<void>) =>
    test(name, async context => {
      if (!browser) return context.skip(NO_CHROMIUM)
      const view = await liveView({ title: 'Toys' })
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('pageerror', error => problems.push(String(error)))
      page.on('console', message => {
        if (!/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)/.test(message.text()))
          problems.push(message.text())
      })
      try {
        await page.goto(view.url)
        await run(page, view)
        expect(problems).toEqual([])
      } finally {
        await page.close()
        await view.close()
      }
    })

  const textOf = (page: Page, selector: string) => page.locator(selector).innerText()

  onPage('draws curves that grow while a model trains, without being asked', async (page, view) => {
    expect(await page.title()).toBe('Toys')
    const rows: number[] = []
    const curves: string[] = []
    const look: Callback = {
      onEpochBegin: async epoch => {
        if (epoch === 0) return
        await page.locator(`#run-1-epochs tbody tr >> nth=${epoch - 1}`).waitFor()
        rows.push(await page.locator('#run-1-epochs tbody tr').count())
        curves.push(await page.locator('#run-1-epochs svg').first().innerHTML())
        expect(await page.title()).toMatch(/^\d\/4 · first · Toys$/)
      },
    }
    const { history } = await fit([view.run('first'), look], 4)
    expect(rows).toEqual([1, 2, 3])
    expect(new Set(curves).size).toBe(3)

    await page.locator('[data-state=ended]').waitFor()
    expect(await page.title()).toBe('ended · first · Toys')
    expect(await page.locator('#run-1-epochs svg').count()).toBe(2)
    const newest = await page.locator('#run-1-epochs tbody tr').first().locator('td').allInnerTexts()
    expect(newest.slice(0, 2)).toEqual([history.loss[3].toFixed(4), history.accuracy[3].toFixed(4)])
    const before = await textOf(page, 'main')
    await page.reload()
    expect(await textOf(page, 'main')).toBe(before)
  })

  onPage('fits into windows from 400 to 1600 pixels', async (page, view) => {
    await fit([view.run('A name that is long enough to go on in the next line of a narrow window')], 12)
    for (const width of [400, 900, 1600]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
  })

  onPage('says that the connection is lost, and comes back when the program does', async (page, view) => {
    const lost = page.getByText('The connection is lost')
    const stop: Callback = {
      async onEpochEnd() {
        // A page that has not heard of the run yet cannot miss it.
        await page.locator('[data-state=training]').waitFor()
        await view.close()
      },
    }
    await fit([view.run('first'), stop], 1)
    await lost.waitFor()
    expect(await textOf(page, 'h2')).toMatch(/^first\s+training$/)
    const again = await liveView({ port: Number(new URL(view.url).port) })
    try {
      await fit([again.run('second')], 1)
      await page.locator('[data-state=ended]').waitFor()
      expect(await textOf(page, 'h2')).toMatch(/^second\s+ended$/)
      expect(await lost.count()).toBe(0)
    } finally {
      await again.close()
    }
    await page.getByText('The program has ended.').waitFor()
    expect(await page.locator('#run-1-epochs svg').count()).toBe(2)
  })

  onPage('shows names and errors as text', async (page, view) => {
    const stop: Callback = {
      onBatchEnd: () => {
        throw new Error('<img src=x onerror="document.title = 1">')
      },
    }
    await expect(fit([view.run('<i>first</i>'), stop], 1)).rejects.toThrow('onerror')
    await page.locator('[data-state=failed]').waitFor()
    expect(await textOf(page, 'h2')).toMatch(/^<i>first<\/i>\s+failed$/)
    expect(await textOf(page, '.failure')).toBe('Error: <img src=x onerror="document.title = 1">')
    expect(await page.title()).toBe('failed · <i>first</i> · Toys')
  })
})
