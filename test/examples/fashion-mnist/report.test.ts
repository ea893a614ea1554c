import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runExample } from '../../support/example.ts'
import { readHtml } from '../../support/html.ts'
import { expectNothingCut, readPicture } from '../../support/picture.ts'
import { hasRealData, realData } from '../../support/real-data.ts'

describe.skipIf(!hasRealData)('a short run on the real images', () => {
  const out = mkdtempSync(join(tmpdir(), 'convnet-ts-'))
  afterAll(() => rmSync(out, { recursive: true }))
  const folder = join(out, 'experiment-1')
  const read = (...path: string[]) => readFileSync(join(out, ...path), 'utf8')
  const textsOf = (name: string) => readPicture(read('experiment-1', `${name}.svg`)).texts
  let result: { testAccuracy: number; testLoss: number; accuracy: number }
  let texts: string[]

  beforeAll(() => {
    const size = '--experiment 1 --train-rows 600 --epochs 3'.split(' ')
    const run = runExample(
      'fashion-mnist/main.ts',
      '--data',
      realData,
      '--out',
      out,
      ...size,
      '--png',
      '--live',
    )
    expect([run.stderr, run.status]).toEqual(['', 0])
    expect(run.stdout).toMatch(/^Curves, while they grow: http:\/\/127\.0\.0\.1:\d+\/$/m)
    result = JSON.parse(read('summary.json'))[0]
    texts = readHtml(read('report.html')).map(({ text }) => text)
  }, 60_000)

  test('tells the story in order, with the numbers of the summary', () => {
    const headings = readHtml(read('report.html')).filter(({ name }) => name === 'h2')
    expect(headings.map(({ text }) => text)).toEqual([
      'The images',
      'How a convolutional network sees',
      'Experiment 1',
      'Side by side',
    ])
    const { testAccuracy, testLoss, accuracy } = result
    for (const number of [testAccuracy.toFixed(4), testLoss.toFixed(4), accuracy.toFixed(4)]) {
      expect(texts).toContain(number)
    }
    expect(texts).toContain(
      `${(100 * (1 - testAccuracy)).toFixed(2)} % of 10,000 test images were misclassified.`,
    )
    expect(texts).toContain(`600 of the 60000 training images of official IDX files in ${realData}`)
  })

  test('takes nothing from a network', () => {
    const html = read('report.html')
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|<script|<link/)
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('has counts of all test images, and their shares', () => {
    const numbers = (name: string) =>
      textsOf(name)
        .filter(({ text, anchor }) => anchor === 'middle' && /^[\d.]+$/.test(text))
        .map(({ text }) => text)
    const counts = numbers('confusion-counts').map(Number)
    const shares = numbers('confusion-shares')
    expect([counts.length, shares.length]).toEqual([100, 100])
    for (let row = 0; row < 10; row++) {
      const own = counts.slice(10 * row, 10 * row + 10)
      expect(own.reduce((sum, count) => sum + count)).toBe(1000)
      expect(shares.slice(10 * row, 10 * row + 10)).toEqual(own.map(count => (count / 1000).toFixed(2)))
    }
    const right = Array.from({ length: 10 }, (_, i) => counts[11 * i]).reduce((sum, count) => sum + count)
    expect(right / 10_000).toBeCloseTo(result.testAccuracy, 10)
  })

  test('marks the best epoch of the history', () => {
    const history: { valLoss: number }[] = JSON.parse(read('experiment-1', 'history.json'))
    const losses = history.map(({ valLoss }) => valLoss)
    const best = Math.min(...losses)
    const remark = `best validation ${best.toFixed(4)}, epoch ${losses.indexOf(best) + 1}`
    expect(textsOf('loss').map(({ text }) => text)).toContain(remark)
  })

  test('has the scores of the table in the picture', () => {
    const inPicture = textsOf('class-scores').filter(({ text }) => /^(\d\.\d\d|[\d,]{2,})$/.test(text))
    const cells = readHtml(read('report.html')).filter(({ name }) => name === 'td')
    const numbers = cells.map(({ text }) => text)
    const rows = inPicture.map(({ text }) => text)
    const first = rows.slice(0, 4)
    const at = numbers.findIndex((_, i) => first.every((text, k) => numbers[i + k] === text))
    expect(at).toBeGreaterThan(0)
    expect(numbers.slice(at, at + 40)).toEqual(rows.slice(0, 40))
  })

  test('writes pictures in which nothing is cut, each as SVG and as PNG of twice its size', () => {
    const names = readdirSync(folder).filter(name => name.endsWith('.svg'))
    expect(names.length).toBe(8)
    for (const name of names) {
      const shown = readPicture(read('experiment-1', name))
      const { width, height } = decode(readFileSync(join(folder, name.replace('.svg', '.png'))))
      expect([width, height]).toEqual([shown.width, shown.height].map(side => Math.round(2 * side)))
    }
    expectNothingCut(readPicture(read('experiment-1', 'predictions.svg')))
  })
})
