import { expect, test } from 'vitest'
import { printable } from '../../src/text/printable.ts'

test.each([
  ['plain, café, 運動靴', 'plain, café, 運動靴'],
  ['a\x1b[31mred\x1b[0mb', 'a\x1b[31mred\x1b[0mb'],
  ['a\x1b[2Jb\x1b[1;1Hc\x1b[?25ld', 'abcd'],
  ['a\x1b]0;title\x07b\x1b]8;;https://x.y\x1b\\c', 'abc'],
  ['a\x1b]0;no end', 'a'],
  ['a\rb\x07c\x08d\x7fe\x9b2Jf\x1bg', 'abcde2Jfg'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})
