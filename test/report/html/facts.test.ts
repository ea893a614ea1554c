import { expect, test } from 'vitest'
import { facts } from '../../../src/report/html/facts.ts'

test('facts stand under their names, both escaped', () => {
  expect(facts({ Seed: '0', '<a>': '"b" & `c`' })).toBe(
    '<dl><div><dt>Seed</dt><dd>0</dd></div><div><dt>&lt;a&gt;</dt><dd>&quot;b&quot; &amp; `c`</dd></div></dl>',
  )
})
