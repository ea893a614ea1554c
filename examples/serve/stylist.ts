import type { Rows, Sequential } from 'convnet-ts'

/** A class that an image may be of. */
export interface Guess {
  readonly label: number
  readonly name: string
  /** The class's part of the sum of all outputs, 0 … 1. */
  readonly share: number
}

/** The classes with the largest outputs for one image, the likeliest first. */
export function topClasses(
  model: Sequential,
  image: Rows,
  classNames: readonly string[],
  count: number,
): Guess[] {
  const { data } = model.predict(image)
  const sum = data.reduce((total, output) => total + output, 0)
  return Array.from(data, (output, label) => ({ label, name: classNames[label], share: output / sum }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count)
}
