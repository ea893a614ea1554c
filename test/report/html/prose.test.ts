import { describe, expect, test } from 'vitest'
import { codeBlock, note, paragraph } from '../../../src/report/html/prose.ts'

const HOSTILE = '<script>alert("1")</script> & \u0000'
const SAFE = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; '

describe('paragraph', () => {
  test('escapes whatever HTML would take for its own', () => {
    expect(paragraph(HOSTILE)).toBe(`<p>${SAFE}</p>`)
    expect(paragraph('')).toBe('<p></p>')
  })

  test('sets words between backticks as code, still escaped, and leaves a lone one', () => {
    expect(paragraph('A `Tensor<A>` and `b`.')).toBe(
      '<p>A <code>Tensor&lt;A&gt;</code> and <code>b</code>.</p>',
    )
    expect(paragraph('5` wide')).toBe('<p>5` wide</p>')
  })
})

describe('note', () => {
  test('is a paragraph of its own kind', () => {
    expect(note(`\`x\` ${HOSTILE}`)).toBe(`<p class="note"><code>x</code> ${SAFE}</p>`)
  })
})

describe('codeBlock', () => {
  test('keeps spaces and lines, and takes backticks as they are', () => {
    expect(codeBlock('a  `b`\n  <c>\n\n')).toBe('<pre>a  `b`\n  &lt;c&gt;</pre>')
  })
})
