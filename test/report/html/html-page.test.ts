import { describe, expect, test } from 'vitest'
import { htmlPage } from '../../../src/report/html/html-page.ts'
import { paragraph } from '../../../src/report/html/prose.ts'
import { section } from '../../../src/report/html/section.ts'
import { readHtml } from '../../support/html.ts'
import { expectRefusal } from '../../support/refusals.ts'

const HOSTILE = '</title></style><script>alert(1)</script>"'

function pageOf(...headings: readonly string[]) {
  const sections = headings.map(heading => section(heading, paragraph(`About ${heading}`)))
  return readHtml(htmlPage({ title: 'A page', sections }))
}

const named = (elements: ReturnType<typeof readHtml>, name: string) => elements.filter(e => e.name === name)

describe('htmlPage', () => {
  test('has title, lead and facts above its sections', () => {
    const html = htmlPage({
      title: 'Clothes',
      lead: 'Told apart.',
      facts: { Seed: '7' },
      sections: [section('One', paragraph('First'))],
    })
    expect(html).toMatch(/^<!doctype html>\n<html lang="en"><head><meta charset="utf-8">/)
    expect(html).toContain(
      '<body><header><h1>Clothes</h1><p class="lead">Told apart.</p>' +
        '<dl><div><dt>Seed</dt><dd>7</dd></div></dl></header>' +
        '<main><section id="1-one"><h2>One</h2><p>First</p></section></main></body></html>',
    )
    expect(named(readHtml(html), 'title').map(({ text }) => text)).toEqual(['Clothes'])
  })

  test('links each section from its contents, whatever the headings', () => {
    const headings = ['The images', 'The images', '', '?!', '画像 & "Größe"']
    const elements = pageOf(...headings)
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? [])
    expect(ids).toEqual(['1-the-images', '2-the-images', '3-', '4-', '5-画像-größe'])
    const links = named(elements, 'a')
    expect(links.map(({ attributes }) => attributes.href)).toEqual(ids.map(id => `#${id}`))
    expect(links.map(({ text }) => text)).toEqual(headings)
    expect(named(elements, 'h2').map(({ text }) => text)).toEqual(headings)
  })

  test('has no contents for a single section', () => {
    expect(named(pageOf('One'), 'nav')).toEqual([])
    expect(named(pageOf('One', 'Two'), 'nav')).toHaveLength(1)
  })

  test('lets no text out of its place', () => {
    const html = htmlPage({
      title: HOSTILE,
      lead: HOSTILE,
      facts: { [HOSTILE]: HOSTILE },
      sections: [section(HOSTILE, paragraph(HOSTILE)), section('Two')],
    })
    const elements = readHtml(html)
    expect(named(elements, 'script')).toEqual([])
    expect(named(elements, 'style')).toHaveLength(1)
    for (const name of ['title', 'h1', 'h2', 'dt', 'dd', 'p', 'a']) {
      expect(named(elements, name)[0].text).toBe(HOSTILE)
    }
  })

  test('loads nothing: a policy forbids it, and there is nothing to load', () => {
    const html = htmlPage({ title: 'A page', sections: [section('One')] })
    const policy = named(readHtml(html), 'meta').find(({ attributes }) => attributes['http-equiv'])
    expect(policy?.attributes.content).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    )
    expect(html).not.toMatch(/https?:|url\(|@import|src=/)
  })

  test('refuses an option that there is not', () => {
    // @ts-expect-error
    expectRefusal(() => htmlPage({ title: '', sections: [], style: '' }), 'htmlPage', 'style', 'no option')
  })
})
