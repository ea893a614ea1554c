import { label, MARGIN, TEXT_SIZE, TITLE_HEIGHT, TITLE_SIZE } from './picture.ts'
import { BOLD, fitText, textWidth } from './text-width.ts'

/** Where what is drawn begins below a title with a line of explanation. */
export const SUBTITLE_HEIGHT = TITLE_HEIGHT + 28

/** A line that explains a picture, below its title. */
export function subtitle(text: string, width: number): string {
  const fitting = fitText(text, TEXT_SIZE, width - 2 * MARGIN)
  return label(fitting, { class: 'muted', x: MARGIN, y: TITLE_HEIGHT + 8 })
}

/** Longer lines, in pixels, do not widen a picture: they are cut. */
const MAX_LINE = 640

/** How wide a picture must be for what is drawn in it and the two lines above. */
export function widthFor(content: number, title: string, subtitle: string): number {
  const lines = [textWidth(title, TITLE_SIZE * BOLD), textWidth(subtitle, TEXT_SIZE)]
  return Math.ceil(Math.max(content, Math.min(MAX_LINE, Math.max(...lines)))) + 2 * MARGIN
}
