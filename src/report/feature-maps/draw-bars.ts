import { argmax } from '../../metrics/argmax.ts'
import type { Drawing, Place } from '../picture/drawing.ts'
import { element } from '../picture/element.ts'
import { middleBaseline } from '../picture/middle-baseline.ts'
import { label, TEXT_SIZE } from '../picture/picture.ts'
import { BOLD, fitText } from '../picture/text-width.ts'
import { threeDigits } from '../picture/three-digits.ts'

const LINE = 20
const BAR = 12
const MAX_BAR = 360
const NAMES = 104
const VALUES = 56

/**
 * The outputs of a model as bars, the largest one with the stronger colour. A bar across its whole track is 1 where all are
 * from 0 to 1, as probabilities are; else tracks go from the smallest output, or 0, to the largest.
 */
export function drawBars(values: Float32Array, names: readonly string[], at: Place): Drawing {
  const isShare = values.every(value => value >= 0 && value <= 1)
  const low = isShare ? 0 : Math.min(0, ...values)
  const high = isShare ? 1 : Math.max(0, ...values)
  const left = at.x + NAMES
  const room = Math.min(MAX_BAR, at.width - NAMES - VALUES)
  const position = (value: number) => left + (high > low ? ((value - low) / (high - low)) * room : 0)
  const largest = argmax(values, 0, values.length)
  const lines = Array.from(values, (value, i) => {
    const y = at.y + i * LINE
    const text = { y: middleBaseline(y + LINE / 2), 'font-weight': i === largest ? 600 : undefined }
    const bar = { y: y + (LINE - BAR) / 2, height: BAR }
    const [from, to] = [position(Math.min(0, value)), position(Math.max(0, value))]
    const opacity = i === largest ? undefined : 0.45
    return [
      label(fitText(names[i], TEXT_SIZE * BOLD, NAMES - 8), { ...text, x: at.x }),
      element('rect', { class: 'track', ...bar, x: left, width: room }),
      element('rect', { class: 'series-1', opacity, ...bar, x: from, width: to - from }),
      label(isShare ? value.toFixed(3) : threeDigits(value), {
        ...text,
        x: left + room + VALUES,
        'text-anchor': 'end',
      }),
    ].join('')
  })
  const height = values.length * LINE
  const zero = { x1: position(0), y1: at.y, x2: position(0), y2: at.y + height }
  const axis = low < 0 ? element('line', { class: 'line-muted', ...zero }) : ''
  return { svg: lines.join('') + axis, height }
}
