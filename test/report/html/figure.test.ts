import { describe, expect, test } from 'vitest'
import { figure, figures } from '../../../src/report/html/figure.ts'
import { expectRefusal } from '../../support/refusals.ts'

const svg =
  '<svg xmlns="x" stroke-width="3" width="440.5" height="9" viewBox="0 0 440.5 9"><title>t</title></svg>'

describe('figure', () => {
  test('knows how wide the picture was drawn, and takes it as it is', () => {
    expect(figure(svg)).toBe(`<figure style="--drawn:440.5"><div class="scroll">${svg}</div></figure>`)
    expect(figure(svg, 'a < `b`')).toContain('</div><figcaption>a &lt; <code>b</code></figcaption></figure>')
  })

  test.each([
    '',
    'text',
    '<svg>',
    '<svg width="100%">',
    '<svg height="1"><rect width="3"/></svg>',
    `<p>${svg}`,
  ])('refuses %j, which is no picture of a known width', text =>
    expectRefusal(() => figure(text), 'figure', 'svg', 'expected an SVG document'),
  )
})

describe('figures', () => {
  test('keeps its figures in order', () => {
    expect(figures('<figure>1</figure>', '<figure>2</figure>')).toBe(
      '<div class="figures"><figure>1</figure><figure>2</figure></div>',
    )
  })
})
