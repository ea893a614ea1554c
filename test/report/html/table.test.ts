import { describe, expect, test } from 'vitest'
import { ShapeError } from '../../../src/errors.ts'
import { table } from '../../../src/report/html/table.ts'
import { expectRefusal } from '../../support/refusals.ts'

describe('table', () => {
  test('has a head, rows about their first cell, numbers to the right', () => {
    expect(
      table(
        ['layer', 'weights'],
        [
          ['conv2d', '320'],
          ['<b>', ''],
        ],
        { right: [1] },
      ),
    ).toBe(
      '<div class="scroll"><table>' +
        '<thead><tr><th scope="col">layer</th><th class="right" scope="col">weights</th></tr></thead>' +
        '<tbody><tr><th scope="row">conv2d</th><td class="right">320</td></tr>' +
        '<tr><th scope="row">&lt;b&gt;</th><td class="right"></td></tr></tbody>' +
        '</table></div>',
    )
  })

  test('has a caption and a foot where they are given', () => {
    const html = table(['a', 'b'], [['1', '2']], { caption: 'x & `y`', foot: [['sum', '3']] })
    expect(html).toContain('<table><caption>x &amp; <code>y</code></caption><thead>')
    expect(html).toContain('</tbody><tfoot><tr><th scope="row">sum</th><td>3</td></tr></tfoot></table>')
  })

  test('refuses rows that are longer or shorter than the header, counted through to the foot', () => {
    const rows = [['1', '2'], ['3']]
    expect(() => table(['a', 'b'], rows)).toThrow(
      new ShapeError('table', 'row 2 has 1 cells, expected 2 as in the header'),
    )
    expect(() => table(['a'], [['1']], { foot: [['1', '2']] })).toThrow(
      'table: row 2 has 2 cells, expected 1 as in the header',
    )
    // @ts-expect-error
    expectRefusal(() => table(['a'], [], { align: 'right' }), 'table', 'align', 'no option of this name')
  })
})
