import { cut, padEnd, padStart, visibleWidth } from './width.ts'
import { withCommas } from './with-commas.ts'

/** What `model.summary()` tells of a model. */
export interface KerasSummary {
  /** The model's name. */
  readonly name: string
  readonly layers: readonly KerasSummaryLayer[]
  /** Weights of the model, all of them trained and in float32. */
  readonly totalParameters: number
  /**
   * Variables of an optimiser that has taken a step, as Keras counts them: its slots, its learning rate and its step
   * counter. Left out before.
   */
  readonly optimizerParameters?: number | undefined
  /** Characters a line of the terminal; default 80. */
  readonly columns?: number | undefined
}

/** One layer in a {@link KerasSummary}. */
export interface KerasSummaryLayer {
  readonly name: string
  /** The class name, which stands behind the name in parentheses. */
  readonly type: string
  /** `(None, 26, 26, 32)`, or `?` before the model is built. */
  readonly outputShape: string
  /** A number is written with commas; a text, such as `0 (unbuilt)`, as it is. */
  readonly parameters: number | string
}

/**
 * A model's summary, character for character as Keras 3 prints it where there are no colours: a table of at most 88
 * characters a line, its columns 45, 35 and 20 % wide. What is too long for a cell goes on in a second line; a word
 * that is too long for a line ends in an ellipsis.
 *
 * Source: `keras/src/utils/summary_utils.py` of Keras 3.15, and the tables of Rich, which it prints with.
 *
 * @example
 * kerasSummary({
 *   name: 'sequential',
 *   layers: [{ name: 'dense', type: 'Dense', outputShape: '(None, 10)', parameters: 7850 }],
 *   totalParameters: 7850,
 * })
 */
export function kerasSummary({
  name,
  layers,
  totalParameters,
  optimizerParameters,
  columns = 80,
}: KerasSummary): string {
  const widths = columnWidths(columns)
  const rows = layers.map(layer => [
    `${layer.name} (${layer.type})`,
    layer.outputShape,
    typeof layer.parameters === 'number' ? withCommas(layer.parameters) : layer.parameters,
  ])
  const bytes = totalParameters * 4
  const optimizerBytes = optimizerParameters === undefined ? 0 : optimizerParameters * 4 + COUNTER_EXCESS
  const lines = [
    `Model: "${name}"`,
    rule('┏━┳┓', widths),
    ...cells(['Layer (type)', 'Output Shape', 'Param #'], '┃', widths),
    rule('┡━╇┩', widths),
    ...rows.flatMap((row, i) => [...(i > 0 ? [rule('├─┼┤', widths)] : []), ...cells(row, '│', widths)]),
    rule('└─┴┘', widths),
    total('Total', totalParameters + (optimizerParameters ?? 0), bytes + optimizerBytes),
    total('Trainable', totalParameters, bytes),
    total('Non-trainable', 0, 0),
  ]
  if (optimizerParameters !== undefined) lines.push(total('Optimizer', optimizerParameters, optimizerBytes))
  return `${lines.join('\n')}\n`
}

/** Bytes by which the step counter of a Keras optimiser, an int64, is longer than a float32. */
const COUNTER_EXCESS = 4

/**
 * The characters of text in a cell of each column. Keras asks for columns that fill the line without their padding and
 * borders, 10 characters; Rich takes these off the three columns evenly, rounding to even: 3, 4 and 3.
 */
function columnWidths(columns: number): number[] {
  const line = Math.max(24, Math.min(88, columns - 4))
  const first = Math.floor(0.45 * line)
  const second = Math.floor(0.8 * line)
  return [first - 3, second - first - 4, line - second - 3]
}

function rule([left, line, between, right]: string, widths: readonly number[]): string {
  return `${left}${widths.map(width => line!.repeat(width + 2)).join(between)}${right}`
}

/** The lines of one row of the table; the last column is right-aligned. */
function cells(texts: readonly string[], border: string, widths: readonly number[]): string[] {
  const wrapped = texts.map((text, column) => wrap(text, widths[column]))
  const height = Math.max(...wrapped.map(lines => lines.length))
  return Array.from({ length: height }, (_, i) => {
    const parts = wrapped.map((lines, column) => {
      const line = lines[i] ?? ''
      return (column < 2 ? padEnd : padStart)(line, widths[column])
    })
    return `${border} ${parts.join(` ${border} `)} ${border}`
  })
}

/** Breaks a text at its spaces into lines of at most `width` characters, and cuts words that are longer. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && visibleWidth(last) + 1 + visibleWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map(line => cut(line, width))
}

function total(what: string, parameters: number, bytes: number): string {
  return ` ${what} params: ${withCommas(parameters)} (${size(bytes)})`
}

/** Bytes in the largest unit that leaves at least 1, with two digits, a half rounded to even as Python does. */
function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let inUnit = bytes
  let unit = 0
  for (; inUnit >= 1024 && unit < units.length - 1; unit++) inUnit /= 1024
  const hundredths = inUnit * 100
  const down = Math.floor(hundredths)
  const isHalf = hundredths - down === 0.5
  const rounded = isHalf ? down + (down % 2) : Math.round(hundredths)
  return `${(rounded / 100).toFixed(2)} ${units[unit]}`
}
