import { describe, expect, test } from 'vitest'
import { details, section, subsection } from '../../../src/report/html/section.ts'

describe('section', () => {
  test('puts its blocks one behind the other', () => {
    expect(section('A & b', '<p>1</p>', '<p>2</p>')).toEqual({
      heading: 'A & b',
      content: '<p>1</p><p>2</p>',
    })
  })
})

describe('subsection', () => {
  test('has a heading, escaped, and what is in it as it is', () => {
    expect(subsection('x < y', '<p>1</p>', '<p>2</p>')).toBe(
      '<section><h3>x &lt; y</h3><p>1</p><p>2</p></section>',
    )
  })
})

describe('details', () => {
  test('stands under its summary', () => {
    expect(details('All <b>', '<p>1</p>')).toBe('<details><summary>All &lt;b&gt;</summary><p>1</p></details>')
  })
})
