import { OptionError, show } from '../errors.ts'
import type { History } from '../model/callbacks/history.ts'
import { isOfValidation, validationName } from '../model/logs.ts'
import { checkOptions } from '../options.ts'
import { counted } from '../text/counted.ts'
import { type Curves, type ReferenceCurves, type ShownCurves, shownCurves } from './curves.ts'
import { axisTitle } from './picture/axis-title.ts'
import type { Attributes } from './picture/element.ts'
import { fourDigits } from './picture/four-digits.ts'
import { type LegendEntry, legend } from './picture/legend.ts'
import { type ChartLine, lineChart } from './picture/line-chart.ts'
import { fillStyle, lineStyle } from './picture/line-style.ts'
import { checkPictureOptions, MARGIN, type PictureOptions, picture, TITLE_HEIGHT } from './picture/picture.ts'
import { bestIndex } from './tables/best-index.ts'
import { trainedNumbers } from './tables/trained-numbers.ts'
import { capitalised, words } from './tables/words.ts'

/** Options of {@link learningCurves}. */
export interface LearningCurvesOptions extends PictureOptions {
  /**
   * Which numbers have a plot, each with that of the validation. Default: all that training has but the learning rate:
   * loss and metrics.
   */
  readonly metrics?: readonly string[]
  /** Default none. */
  readonly reference?: ReferenceCurves
}

const GAP = 32
const USUAL_WIDTH = 440
const MIN_PLOT = 340
const PLOT_HEIGHT = 250

/**
 * How loss and metrics went from epoch to epoch: a plot for each, with training as a solid line, validation as a dashed one,
 * and the validation's best epoch marked. Plots stand beside each other where the width has room for them. What is not
 * finite leaves a gap.
 *
 * @returns an SVG document
 * @throws OptionError for bad options, for a history without epochs, and for a metric that it does not have
 * @example
 * const history = await model.fit(x, y, { epochs: 50, validationSplit: 0.2 })
 * const svg = learningCurves(history, { title: 'Fifty epochs' })
 */
export function learningCurves(history: History | Curves, options: LearningCurvesOptions = {}): string {
  const owner = 'learningCurves'
  const { theme } = checkPictureOptions(owner, options, ['metrics', 'reference'])
  const shown = shownCurves(owner, 'history', history)
  const metrics = checkMetrics(owner, shown.curves, options.metrics)
  const reference = checkReference(owner, options.reference)
  const isAlone = metrics.length === 1
  const { title = isAlone ? capitalised(words(metrics[0])) : 'Learning curves' } = options
  const { width = isAlone ? USUAL_WIDTH : 2 * USUAL_WIDTH } = options

  const room = width - 2 * MARGIN
  const columns = Math.min(metrics.length, Math.max(1, Math.floor((room + GAP) / (MIN_PLOT + GAP))))
  const plotWidth = (room - (columns - 1) * GAP) / columns
  const behind = metrics.map(metric => linesOf(reference, metric).map(pale))
  const front = metrics.map(metric => linesOf(shown, metric))
  const entries: LegendEntry[] = [
    { name: 'training', lines: [lineStyle(0)] },
    { name: 'validation', lines: front.some(lines => lines.length > 1) ? [lineStyle(1)] : [] },
    { name: options.reference?.name ?? '', lines: longest(behind).map(({ style }) => style) },
  ]
  const key = legend(
    entries.filter(({ lines }) => lines.length > 0),
    { x: MARGIN, y: TITLE_HEIGHT, width: room },
  )

  const top = TITLE_HEIGHT + key.height + 12
  const plots = metrics.map((metric, i) => {
    const x = MARGIN + (i % columns) * (plotWidth + GAP)
    const y = top + Math.floor(i / columns) * (PLOT_HEIGHT + GAP)
    const heading = { title: axisTitle(title, metric), remarks: bestRemarks(shown, metric) }
    return lineChart([...behind[i], ...front[i]], { x, y, width: plotWidth, height: PLOT_HEIGHT }, heading)
  })
  const rows = Math.ceil(metrics.length / columns)
  const height = top + rows * (PLOT_HEIGHT + GAP) - GAP + MARGIN
  const epochs = Math.max(...metrics.map(metric => shown.curves[metric].length))
  const description = `${metrics.map(words).join(', ')} over ${counted(epochs, 'epoch')}`
  return picture({ title, description, width, height, theme }, key.svg, ...plots)
}

function checkMetrics(
  owner: string,
  curves: Curves,
  given: readonly string[] | undefined,
): readonly string[] {
  const known = Object.keys(curves).filter(name => !isOfValidation(name))
  const all = given ?? trainedNumbers(curves)
  if (Array.isArray(all) && all.length > 0 && all.every(name => known.includes(name))) return all
  if (given !== undefined)
    throw new OptionError(owner, 'metrics', given, `some of ${known.map(show).join(', ')}`)
  throw new OptionError(owner, 'history', Object.keys(curves), 'numbers of training among them')
}

function checkReference(owner: string, reference: ReferenceCurves | undefined): ShownCurves {
  if (reference === undefined) return { curves: {}, epochs: [] }
  checkOptions(`${owner}: reference`, reference, ['name', 'history'])
  const { name, history } = reference
  if (typeof name !== 'string') throw new OptionError(owner, 'reference.name', name, 'a string')
  return shownCurves(owner, 'reference.history', history)
}

/** The training's line, and the validation's where there is one. */
function linesOf({ curves, epochs }: ShownCurves, metric: string): ChartLine[] {
  return [metric, validationName(metric)].flatMap((name, i) => {
    if (!Object.hasOwn(curves, name)) return []
    const marked = i === 1 ? bestValidation(curves, metric) : null
    return [{ epochs, values: curves[name], style: lineStyle(i), fill: fillStyle(i), marked }]
  })
}

/** The same line, to be drawn behind others. */
function pale(line: ChartLine): ChartLine {
  const style: Attributes = { ...line.style, class: 'line-muted', 'stroke-width': 1, 'stroke-opacity': 0.75 }
  return { epochs: line.epochs, values: line.values, style, fill: 'muted' }
}

/** An index of the validation's values. */
function bestValidation(curves: Curves, metric: string): number | null {
  return bestIndex(metric, curves[validationName(metric)] ?? [])
}

function bestRemarks({ curves, epochs }: ShownCurves, metric: string): string[] {
  const best = bestValidation(curves, metric)
  if (best === null) return []
  const value = fourDigits(curves[validationName(metric)][best])
  return [`best validation ${value}, epoch ${epochs[best]}`, `best ${value}`]
}

function longest<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.reduce((most, list) => (list.length > most.length ? list : most), [])
}
