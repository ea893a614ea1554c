import { OptionError } from '../errors.ts'
import type { History } from '../model/callbacks/history.ts'
import { formatNumber } from '../text/format-number.ts'
import { type Curves, curvesOf, lineStyle } from './curves.ts'
import { legend } from './picture/legend.ts'
import { lineChart } from './picture/line-chart.ts'
import { checkPictureOptions, MARGIN, type PictureOptions, picture, TITLE_HEIGHT } from './picture/picture.ts'
import { SERIES } from './picture/theme.ts'
import { bestEpoch } from './tables/best-epoch.ts'
import { words } from './tables/words.ts'

/** Options of {@link curveComparison}. */
export interface CurveComparisonOptions extends PictureOptions {
  /** Which number is compared. Default 'valAccuracy'. */
  readonly metric?: string
}

const PLOT_HEIGHT = 280

/**
 * One number of several trainings in one plot, each with its best epoch marked.
 *
 * @param histories by the names of the trainings
 * @returns an SVG document
 * @throws OptionError for bad options, and for a history that has no such number
 * @example
 * curveComparison({ small, large }, { metric: 'valLoss' })
 */
export function curveComparison(
  histories: { readonly [name: string]: History | Curves },
  options: CurveComparisonOptions = {},
): string {
  const owner = 'curveComparison'
  const { theme } = checkPictureOptions(owner, options, ['metric'])
  const { metric = 'valAccuracy', title = `Comparison of ${words(metric)}`, width = 640 } = options
  const runs = Object.entries(histories).map(([name, history]) => {
    const values = curvesOf(owner, name, history)[metric]
    if (!values) throw new OptionError(owner, 'metric', metric, `a number that ${name} has`)
    return { name, values, best: bestEpoch(metric, values) }
  })
  if (runs.length === 0) throw new OptionError(owner, 'histories', histories, 'at least one')

  const entries = runs.map(({ name, values, best }, i) => ({
    name: best === null ? name : `${name}, best ${formatNumber(values[best])} after epoch ${best + 1}`,
    line: lineStyle(i),
  }))
  const key = legend(entries, { x: MARGIN, y: TITLE_HEIGHT, width: width - 2 * MARGIN })
  const lines = runs.map(({ values, best }, i) => ({
    values,
    style: lineStyle(i),
    points: `series-${(i % SERIES) + 1}`,
    marked: best === null ? null : best + 1,
  }))
  const top = TITLE_HEIGHT + key.height + 12
  const box = { x: MARGIN, y: top, width: width - 2 * MARGIN, height: PLOT_HEIGHT }
  const description = `Curves of ${words(metric)} of ${runs.map(({ name }) => name).join(', ')}`
  const height = top + PLOT_HEIGHT + MARGIN
  return picture({ title, description, width, height, theme }, key.svg, lineChart(lines, box, words(metric)))
}
