import { argmax } from '../../metrics/argmax.ts'
import { element } from '../picture/element.ts'
import { threeDigits } from '../picture/number.ts'
import { label, TEXT_SIZE } from '../picture/picture.ts'
import { BOLD, fitText } from '../picture/text-width.ts'
import type { Drawing, Place } from './drawing.ts'

const LINE = 20
const BAR = 12
const NAMES = 104
const VALUES = 56

/**
 * The outputs of a model as bars, the largest one with the stronger colour. The axis goes from 0 to 1 where all are
 * between, as probabilities are.
 */
export function drawBars(values: Float32Array, names: readonly string[], at: Place): Drawing {
  const isShare = values.every(value => value >= 0 && value <= 1)
  const low = isShare ? 0 : Math.min(0, ...values)
  const high = isShare ? 1 : Math.max(0, ...values)
  const left = at.x + NAMES
  const room = Math.min(360, at.width - NAMES - VALUES)
  const position = (value: number) => left + (high > low ? ((value - low) / (high - low)) * room : 0)
  const largest = argmax(values, 0, values.length)
  const lines = Array.from(values, (value, i) => {
    const y = at.y + i * LINE
    const text = { y: y + LINE - 6, 'font-weight': i === largest ? 600 : undefined }
    const [from, to] = [position(Math.min(0, value)), position(Math.max(0, value))]
    return [
      label(fitText(names[i], TEXT_SIZE * BOLD, NAMES - 8), { ...text, x: at.x }),
      element('rect', {
        class: 'series-1',
        opacity: i === largest ? undefined : 0.45,
        x: from,
        y: y + (LINE - BAR) / 2,
        width: to - from,
        height: BAR,
      }),
      label(isShare ? value.toFixed(3) : threeDigits(value), {
        ...text,
        x: left + room + VALUES,
        'text-anchor': 'end',
      }),
    ].join('')
  })
  const zero = { x1: position(0), y1: at.y, x2: position(0), y2: at.y + values.length * LINE }
  const axis = element('line', { class: 'line-muted', ...zero })
  return { svg: lines.join('') + axis, height: values.length * LINE }
}
