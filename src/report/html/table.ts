import { ShapeError } from '../../errors.ts'
import { checkOptions, list, texts } from '../../options.ts'
import { element, escapeText } from '../picture/element.ts'
import { inline } from './prose.ts'

/** Letters of a row's first cell that stay on one line, however narrow the page is. */
const MAX_WHOLE = 24

/** A line of a table, cell by cell. */
type Row = readonly string[]

/** Options of {@link table}. */
export interface TableOptions {
  /** The columns that are right-aligned, counted from 0, as numbers are. Default: none. */
  readonly right?: readonly number[]
  /** Rows below a line of their own: totals and averages. */
  readonly foot?: readonly Row[]
  /** Stands above the table; words between backticks are set as code. */
  readonly caption?: string
}

/**
 * A table of an HTML page. The first cell of a row is what the row is about. A table that is wider than the page scrolls
 * in itself.
 *
 * @param header a cell for each column
 * @param rows as many cells each
 * @returns HTML
 * @throws OptionError, or ShapeError naming the row that has another number of cells
 * @example
 * table(['layer', 'weights'], [['conv2d', '320'], ['dense', '173,088']], { right: [1] })
 */
export function table(header: Row, rows: readonly Row[], options: TableOptions = {}): string {
  const owner = 'table'
  checkOptions(owner, options, ['right', 'foot', 'caption'])
  const { right = [], foot = [], caption } = options
  texts(owner, 'header', header)
  list(owner, 'right', right, 'columns')
  const all = [...list(owner, 'rows', rows, 'rows'), ...list(owner, 'foot', foot, 'rows')]
  for (const [i, row] of all.entries()) {
    texts(owner, `row ${i + 1}`, row)
    if (row.length === header.length) continue
    throw new ShapeError(
      owner,
      `row ${i + 1} has ${row.length} cells, expected ${header.length} as in the header`,
    )
  }

  const cell = (name: string, text: string, column: number, scope?: string) => {
    const isLong = scope === 'row' && text.length > MAX_WHOLE
    const style = right.includes(column) ? 'right' : isLong ? 'long' : undefined
    return element(name, { class: style, scope }, escapeText(text))
  }
  const line = ([about, ...cells]: Row) =>
    element('tr', {}, cell('th', about, 0, 'row'), ...cells.map((text, i) => cell('td', text, i + 1)))
  const part = (name: string, lines: readonly Row[]) =>
    lines.length > 0 ? element(name, {}, ...lines.map(line)) : ''
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      {},
      caption === undefined ? '' : element('caption', {}, inline(owner, 'caption', caption)),
      element(
        'thead',
        {},
        element('tr', {}, ...header.map((text, column) => cell('th', text, column, 'col'))),
      ),
      part('tbody', rows),
      part('tfoot', foot),
    ),
  )
}
