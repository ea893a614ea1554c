import { alignedTable } from '../../src/text/aligned-table.ts'
import { type Cell, type Figure, isReached, type Table } from './answer.ts'

/** A number with about three digits: 1234, 123, 12.3, 1.23, 0.123; whole numbers as they are. */
export function threeDigits(x: number): string {
  if (Number.isInteger(x)) return String(x)
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x))))
  return x.toFixed(Math.min(decimals, 6))
}

/** A part of a whole: 0.753 is `75 %`. */
export const share = (part: number): string => `${(100 * part).toFixed(0)} %`

/** How many times: `7.31×`. */
export const times = (ratio: number): string => `${threeDigits(ratio)}×`

/** For the terminal, under its title. */
export function tableText({ title, header, rows }: Table): string {
  const text = rows.map(row => row.map(cellText))
  return `${title}\n\n${alignedTable(header, text, numberColumns(header, rows))}`
}

/** For Markdown, under its title in bold. */
export function tableMarkdown({ title, header, rows }: Table): string {
  const right = numberColumns(header, rows)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (right.includes(column) ? '---:' : '---'))
  return [`**${title}**`, '', line(header), line(rule), ...rows.map(row => line(row.map(cellText)))].join(
    '\n',
  )
}

/** The figures beside their targets. */
export function figureTable(figures: readonly Figure[]): Table {
  return {
    title: 'Figures and their targets',
    header: ['figure', 'measured', 'target', ''],
    rows: figures.map(figure => {
      const { name, value, unit, atLeast, atMost } = figure
      const [least, most] = [atLeast, atMost].map(bound => bound !== undefined && withUnit(bound, unit))
      const target = least && most ? `${least} to ${most}` : least ? `≥ ${least}` : `≤ ${most}`
      return [name, withUnit(value, unit), target, isReached(figure) ? 'reached' : 'missed']
    }),
    inReadme: true,
  }
}

const withUnit = (value: number, unit: string): string =>
  `${threeDigits(value)}${unit === '×' ? '' : ' '}${unit}`.trim()

function cellText(cell: Cell): string {
  if (cell === null) return '–'
  return typeof cell === 'number' ? threeDigits(cell) : cell
}

/** The columns of numbers, with or without a unit behind them. */
function numberColumns(header: readonly string[], rows: Table['rows']): number[] {
  const isNumber = (cell: Cell) =>
    typeof cell !== 'string' || /^[≤≥]? ?[\d.]+ ?(×|%|s|ms|MB|GB\/s)?$/.test(cell)
  const isColumn = (column: number) => rows.length > 0 && rows.every(row => isNumber(row[column]))
  return header.map((_, column) => column).filter(isColumn)
}
