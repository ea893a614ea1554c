/** A text as a string in code. Without `<`, so that a module may stand in a page between `<script>` and its end. */
export const quoted = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c')

/** A text as it may stand in a comment: without line ends, and without the end of a comment. */
export const comment = (text: string): string =>
  quoted(text)
    .slice(1, -1)
    .replaceAll('*/', '*\\/')
    .replace(/[\u2028\u2029]/g, ' ')
