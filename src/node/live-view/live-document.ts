import { createHash } from 'node:crypto'
import { styleSheet, variables } from '../../report/html/style-sheet.ts'
import { escapeText } from '../../report/picture/element.ts'
import { liveScript } from './live-script.ts'

/** What the page has beside a report: states, a bar, and numbers that change in their places. */
const liveStyle = `
${variables(({ right, wrong }) => `--right: ${right}; --wrong: ${wrong};`)}
body { display: block; padding-top: 2.5rem; }
main:empty::after { content: 'No training has begun yet.'; color: var(--muted); }
main > section { margin-top: 3rem; }
h2 span { margin-left: 0.5rem; font-size: 0.95rem; font-weight: 400; letter-spacing: 0; color: var(--link); }
[data-state='ended'] span { color: var(--right); }
[data-state='failed'] span, .failure, #connection.failure { color: var(--wrong); }
progress {
  display: block; width: 100%; height: 0.4rem; border: 0; border-radius: 0.2rem;
  overflow: hidden; background: var(--grid); appearance: none;
}
progress::-webkit-progress-bar { background: var(--grid); }
progress::-webkit-progress-value { background: var(--link); }
progress::-moz-progress-bar { background: var(--link); }
dl {
  grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.75rem 1.5rem;
  margin: 1rem 0 0; padding: 0; border: 0;
}
dd { font-size: 1.1rem; font-variant-numeric: tabular-nums lining-nums; }
.epochs {
  display: flex; flex-wrap: wrap; gap: 0.5rem 2.5rem; align-items: flex-start; margin-top: 1.5rem;
}
.epochs > .scroll { max-width: 100%; }
th, td { padding-right: 1.25rem; }
thead th.right { max-width: 6rem; white-space: normal; }
tbody th { min-width: 0; }
#connection { margin: 1rem 0 0; color: var(--muted); }
@media (max-width: 40rem) {
  table, thead th { font-size: 0.8rem; }
  th, td { padding-right: 0.5rem; }
}
`

const hash = createHash('sha256').update(liveScript).digest('base64')

/** The header Content-Security-Policy: the page loads nothing but its own events, and runs nothing but its own script. */
export const CONTENT_SECURITY = [
  "default-src 'none'",
  `script-src 'sha256-${hash}'`,
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The page as a whole.
 *
 * @param heading any text
 * @param title HTML, as `runs` is
 */
export function liveDocument(heading: string, title: string, runs: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title id="title">${title}</title>
<style>${styleSheet}${liveStyle}</style>
</head>
<body>
<header><h1>${escapeText(heading)}</h1><p id="connection" role="status"></p></header>
<main id="runs">${runs}</main>
<script>${liveScript}</script>
</body>
</html>
`
}
