const COLUMNS = 6
const ROWS = 6

/** Predictions of the first 36 images, six a line, each above the true class; wrong ones are marked. */
export function predictionGrid(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classNames: readonly string[],
): string {
  const width = Math.max(...classNames.map(name => name.length)) + 2
  const cell = (mark: string, label: number) => `${mark}${classNames[label]}`.padEnd(width)
  const lines: string[] = []
  for (let row = 0; row < ROWS; row++) {
    const images = Array.from({ length: COLUMNS }, (_, column) => row * COLUMNS + column)
    const present = images.filter(i => i < labels.length)
    if (present.length === 0) break
    const mark = (i: number) => (predicted[i] === labels[i] ? ' ' : '✗')
    lines.push(
      present
        .map(i => cell(mark(i), predicted[i]))
        .join('')
        .trimEnd(),
      present
        .map(i => cell(' ', labels[i]))
        .join('')
        .trimEnd(),
      '',
    )
  }
  return lines.join('\n')
}
