import { OptionError } from '../errors.ts'
import type { History } from '../model/callbacks/history.ts'
import { validationName } from '../model/logs.ts'
import { formatNumber } from '../text/format-number.ts'
import { type Curves, curvesOf, lineStyle } from './curves.ts'
import { type LegendEntry, legend } from './picture/legend.ts'
import { type ChartLine, lineChart } from './picture/line-chart.ts'
import { checkPictureOptions, MARGIN, type PictureOptions, picture, TITLE_HEIGHT } from './picture/picture.ts'
import { bestEpoch } from './tables/best-epoch.ts'
import { words } from './tables/words.ts'

/** Options of {@link learningCurves}. */
export interface LearningCurvesOptions extends PictureOptions {
  /** Which numbers have a plot, each with that of the validation. Default: all of the history but the learning rate. */
  readonly metrics?: readonly string[]
  /** Curves of somebody else, drawn thinly behind: those of a paper, or of an earlier run. Default none. */
  readonly reference?: { readonly name: string; readonly history: History | Curves }
}

const GAP = 32
const NARROWEST_PLOT = 340
const PLOT_HEIGHT = 250

/**
 * How loss and metrics went from epoch to epoch: a plot for each, training solid, validation dashed, and the validation's
 * best epoch marked.
 *
 * @returns an SVG document
 * @throws OptionError for bad options, for a history without epochs, and for a metric that it has not
 * @example
 * const history = await model.fit(x, y, { epochs: 50, validationSplit: 0.2 })
 * const svg = learningCurves(history, { title: 'Fifty epochs' })
 */
export function learningCurves(history: History | Curves, options: LearningCurvesOptions = {}): string {
  const owner = 'learningCurves'
  const { theme } = checkPictureOptions(owner, options, ['metrics', 'reference'])
  const curves = curvesOf(owner, 'history', history)
  const metrics = checkMetrics(owner, curves, options.metrics)
  const reference = options.reference && curvesOf(owner, 'reference', options.reference.history)
  const { title = 'Learning curves', width = metrics.length === 1 ? 440 : 900 } = options

  const columns = Math.min(metrics.length, Math.max(1, Math.floor((width - MARGIN) / (NARROWEST_PLOT + GAP))))
  const plotWidth = (width - 2 * MARGIN - (columns - 1) * GAP) / columns
  const hasValidation = metrics.some(metric => curves[validationName(metric)])
  const entries: LegendEntry[] = [{ name: 'training', line: lineStyle(0) }]
  if (hasValidation) entries.push({ name: 'validation', line: lineStyle(1) })
  if (options.reference) entries.push({ name: options.reference.name, line: behind(lineStyle(0)) })
  const key = legend(entries, { x: MARGIN, y: TITLE_HEIGHT, width: width - 2 * MARGIN })

  const top = TITLE_HEIGHT + key.height + 12
  const plots = metrics.map((metric, i) => {
    const x = MARGIN + (i % columns) * (plotWidth + GAP)
    const y = top + Math.floor(i / columns) * (PLOT_HEIGHT + GAP)
    const best = bestValidation(curves, metric)
    const lines = [
      ...linesOf(reference ?? {}, metric).map(line => ({
        ...line,
        style: behind(line.style),
        points: 'muted',
      })),
      ...linesOf(curves, metric, best?.epoch),
    ]
    const remark = best ? `best ${best.value} after epoch ${best.epoch}` : ''
    return lineChart(lines, { x, y, width: plotWidth, height: PLOT_HEIGHT }, words(metric), remark)
  })
  const rows = Math.ceil(metrics.length / columns)
  const height = top + rows * (PLOT_HEIGHT + GAP) - GAP + MARGIN
  const description = `Curves of ${metrics.map(words).join(', ')} over ${curves[metrics[0]].length} epochs`
  return picture({ title, description, width, height, theme }, key.svg, ...plots)
}

function checkMetrics(
  owner: string,
  curves: Curves,
  given: readonly string[] | undefined,
): readonly string[] {
  const known = Object.keys(curves).filter(name => !/^val[A-Z]/.test(name) && name !== 'learningRate')
  if (given === undefined) return known
  const isGood = Array.isArray(given) && given.length > 0 && given.every(name => Object.hasOwn(curves, name))
  if (isGood) return given
  throw new OptionError(owner, 'metrics', given, `some of ${Object.keys(curves).join(', ')}`)
}

/** The training's line, and the validation's where there is one. */
function linesOf(curves: Curves, metric: string, marked?: number): ChartLine[] {
  const training = curves[metric]
  const validation = curves[validationName(metric)]
  return [
    ...(training ? [{ values: training, style: lineStyle(0), points: 'series-1' }] : []),
    ...(validation ? [{ values: validation, style: lineStyle(1), points: 'series-2', marked }] : []),
  ]
}

/** The same line, thin and pale. */
const behind = (style: LegendEntry['line']) => ({
  ...style,
  class: 'line-muted',
  'stroke-width': 1,
  opacity: 0.7,
})

function bestValidation(curves: Curves, metric: string): { epoch: number; value: string } | null {
  const values = curves[validationName(metric)]
  const best = values ? bestEpoch(metric, values) : null
  return best === null ? null : { epoch: best + 1, value: formatNumber(values[best]) }
}
