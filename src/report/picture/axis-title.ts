import { words } from '../tables/words.ts'

/** The title of an axis for a number of the history; none where the title of the picture has it already. */
export function axisTitle(pictureTitle: string, name: string): string {
  return pictureTitle.toLowerCase().includes(words(name)) ? '' : words(name)
}
