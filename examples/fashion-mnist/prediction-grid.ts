import { drawImages, type FashionMnist, terminal } from 'convnet-ts'

const COLUMNS = 6
const ROWS = 6

/**
 * The first 36 images with the class that each was taken for and, below, its true class; wrong ones are marked. The
 * images themselves are left out where the terminal cannot draw them small.
 */
export function predictionGrid(
  { images, labels }: FashionMnist['test'],
  predicted: ArrayLike<number>,
  classNames: readonly string[],
): string {
  const { colors, isUnicode } = terminal()
  const shown = Array.from(labels.subarray(0, COLUMNS * ROWS), (label, i) => ({
    prediction: classNames[predicted[i]],
    truth: classNames[label],
    isWrong: predicted[i] !== label,
  }))
  if (colors < 8 || !isUnicode) return namesAlone(shown, classNames)
  const captions = shown.map(({ prediction, truth, isWrong }) => {
    return `${isWrong ? `\x1b[31m✗ ${prediction}\x1b[39m` : prediction}\n\x1b[2m${truth}\x1b[22m`
  })
  return `${drawImages(images, { count: shown.length, columns: COLUMNS, captions })}\n`
}

interface Prediction {
  readonly prediction: string
  readonly truth: string
  readonly isWrong: boolean
}

function namesAlone(shown: readonly Prediction[], classNames: readonly string[]): string {
  const width = Math.max(...classNames.map(name => name.length)) + 2
  const line = (cells: readonly string[]) =>
    cells
      .map(cell => cell.padEnd(width))
      .join('')
      .trimEnd()
  const lines: string[] = []
  for (let i = 0; i < shown.length; i += COLUMNS) {
    const row = shown.slice(i, i + COLUMNS)
    const predictions = row.map(({ prediction, isWrong }) => `${isWrong ? '✗' : ' '}${prediction}`)
    lines.push(line(predictions), line(row.map(({ truth }) => ` ${truth}`)), '')
  }
  return lines.join('\n')
}
