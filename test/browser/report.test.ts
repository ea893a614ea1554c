import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trainingReport } from '../../src/report/training-report.ts'
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts'
import { reportedTraining } from '../support/reported.ts'

/** What stands out of the page, and what lies on something else, outside of what scrolls in itself. */
const misplaced = `(() => {
  const width = document.documentElement.clientWidth
  const name = element => element.tagName + ' ' + element.textContent.slice(0, 30)
  const isSeen = element => element.checkVisibility() && !element.parentElement.closest('.scroll, pre')
  const all = [...document.querySelectorAll('body *')].filter(isSeen)
  const isOut = element => {
    const { left, right } = element.getBoundingClientRect()
    return left < -0.5 || right > width + 0.5
  }
  const blocks = all.filter(element => element.matches('h1, h2, h3, p, pre, summary, li, dl > div, figcaption, .scroll'))
  const cover = (a, b) => {
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()]
    const across = Math.min(p.right, q.right) - Math.max(p.left, q.left)
    const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)
    return across > 0.5 && down > 0.5
  }
  const pairs = blocks.flatMap((a, i) => blocks.slice(i + 1).filter(b => cover(a, b)).map(b => name(a) + ' / ' + name(b)))
  return { blocks: blocks.length, out: all.filter(isOut).map(name), pairs }
})()`

describe('a report in Chromium', () => {
  let html: string
  let browser: Browser | undefined
  beforeAll(async () => {
    html = trainingReport(await reportedTraining())
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light') {
    const page: Page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme })
    const problems: string[] = []
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => problems.push(message.text()))
    page.on('request', request => {
      if (!request.url().startsWith('data:')) problems.push(request.url())
    })
    await page.setContent(html)
    return { page, problems }
  }

  for (const width of [400, 900, 1600]) {
    test(`at ${width} pixels, nothing stands out, overlaps, or is loaded`, async context => {
      if (!browser) return context.skip(NO_CHROMIUM)
      const { page, problems } = await open(width)
      const { blocks, ...found } = (await page.evaluate(misplaced)) as { blocks: number }
      expect(blocks).toBeGreaterThan(30)
      expect(found).toEqual({ out: [], pairs: [] })
      expect(problems).toEqual([])
      await page.close()
    })
  }

  test('is dark where the system is, pictures and all', async context => {
    if (!browser) return context.skip(NO_CHROMIUM)
    const colours = async (scheme: 'light' | 'dark') => {
      const { page } = await open(900, scheme)
      const body = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      const picture = await page.evaluate("getComputedStyle(document.querySelector('.surface')).fill")
      await page.close()
      return [body, picture]
    }
    expect(await colours('light')).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)'])
    expect(await colours('dark')).toEqual(['rgb(20, 24, 29)', 'rgb(20, 24, 29)'])
  })

  test('is read by a browser as it was meant: no element more, none less', async context => {
    if (!browser) return context.skip(NO_CHROMIUM)
    const { page } = await open(900)
    const written = [...html.matchAll(/<([a-zA-Z]\w*)/g)].map(([, name]) => name.toLowerCase())
    const there = await page.evaluate(
      "[...document.querySelectorAll('*')].map(element => element.tagName.toLowerCase())",
    )
    expect(there).toEqual(written)
    await page.close()
  })
})
