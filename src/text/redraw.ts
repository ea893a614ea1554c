/** Milliseconds between two drawings of a line that shows progress; what changes more often is no easier to read. */
export const REDRAW_MS = 50

/** Clears what stands behind the cursor on its line. */
export const CLEAR_TO_END = '\x1b[K'
