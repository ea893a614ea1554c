import { OptionError, show } from '../errors.ts'
import type { History } from '../model/callbacks/history.ts'
import { type Curves, shownCurves } from './curves.ts'
import { axisTitle } from './picture/axis-title.ts'
import { NAME_DISTANCE } from './picture/end-names.ts'
import { fourDigits } from './picture/four-digits.ts'
import { lineChart } from './picture/line-chart.ts'
import { fillStyle, LINES, lineStyle } from './picture/line-style.ts'
import { checkPictureOptions, MARGIN, type PictureOptions, picture, TITLE_HEIGHT } from './picture/picture.ts'
import { bestIndex } from './tables/best-index.ts'
import { capitalised, words } from './tables/words.ts'

/** Options of {@link curveComparison}. */
export interface CurveComparisonOptions extends PictureOptions {
  /** Which number is compared. Default 'valAccuracy'. */
  readonly metric?: string
}

const USUAL_WIDTH = 640
const PLOT_HEIGHT = 300

/** Above the first name and below the last, for the axes' titles. */
const AROUND_NAMES = 100

/**
 * One number of several trainings in one plot. Each line has its name at its end, with the best value, whose epoch is
 * marked.
 *
 * @param histories by the names of the trainings, 16 at most
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
  const { metric = 'valAccuracy' } = options
  const runs = Object.entries(histories ?? {})
  if (runs.length === 0 || runs.length > LINES) {
    throw new OptionError(owner, 'histories', histories, `from 1 to ${LINES} histories by name`)
  }
  const lines = runs.map(([name, history], i) => {
    const { curves, epochs } = shownCurves(owner, `histories.${name}`, history)
    if (!Object.hasOwn(curves, metric)) {
      const known = Object.keys(curves).map(show).join(', ')
      throw new OptionError(
        owner,
        'metric',
        metric,
        `a number that all histories have (${name} has ${known})`,
      )
    }
    const values = curves[metric]
    const best = bestIndex(metric, values)
    return {
      epochs,
      values,
      style: lineStyle(i),
      fill: fillStyle(i),
      marked: best,
      end: { name, detail: best === null ? '' : `best ${fourDigits(values[best])}` },
    }
  })

  const { title = capitalised(words(metric)), width = USUAL_WIDTH } = options
  const room = Math.max(PLOT_HEIGHT, (runs.length - 1) * NAME_DISTANCE + AROUND_NAMES)
  const box = { x: MARGIN, y: TITLE_HEIGHT, width: width - 2 * MARGIN, height: room }
  const description = `${words(metric)} of ${runs.map(([name]) => name).join(', ')}`
  const height = box.y + room + MARGIN
  return picture(
    { title, description, width, height, theme },
    lineChart(lines, box, { title: axisTitle(title, metric) }),
  )
}
