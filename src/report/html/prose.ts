import { text as checkText } from '../../options.ts'
import { element, escapeText } from '../picture/element.ts'

/*
 * Running text. Any text is safe: whatever HTML would take for its own is escaped. Words between `backticks` are set as
 * code, here and in leads, captions and summaries.
 */

/**
 * A paragraph of an HTML page.
 *
 * @returns HTML
 * @throws OptionError where the text is none
 * @example
 * paragraph('A `Conv2D` looks at 3×3 pixels at a time.')
 */
export function paragraph(text: string): string {
  return element('p', {}, inline('paragraph', 'text', text))
}

/**
 * A remark that stands back from the text: where numbers come from, what they cannot say.
 *
 * @returns HTML
 * @throws OptionError where the text is none
 * @example
 * note('These are generated drawings: the accuracies say nothing about photographs.')
 */
export function note(text: string): string {
  return element('p', { class: 'note' }, inline('note', 'text', text))
}

/**
 * A text of lines that keep their spaces, in letters of one width. What is too wide scrolls.
 *
 * @returns HTML
 * @throws OptionError where the text is none
 * @example
 * let summary = ''
 * model.summary(text => { summary = text })
 * codeBlock(summary)
 */
export function codeBlock(text: string): string {
  return element('pre', {}, escapeText(checkText('codeBlock', 'text', text).trimEnd()))
}

/**
 * A text within a line, with code where backticks say so.
 *
 * @param owner who takes it, as an option or argument
 * @throws OptionError
 */
export function inline(owner: string, option: string, text: string): string {
  return escapeText(checkText(owner, option, text)).replace(/`([^`]+)`/g, '<code>$1</code>')
}
