import { FONTS, MARGIN } from '../picture/picture.ts'
import { palettes } from '../picture/theme.ts'

/**
 * How small, of the size that they were drawn in, pictures become on a narrow page: those that it can show whole, and
 * those that have to scroll anyway, and so can stay legible.
 */
const MIN_SCALE = { whole: 0.55, scrolled: 0.8 }

/**
 * How a page looks: the colours of the pictures on it, one column of text of a readable measure, and figures and tables
 * as wide as the page. Pictures have a margin of their own, by which they are moved to the left, so that what is in them is
 * in line with the text however small they are shown. What scrolls fades out where there is more. From 1,200 pixels on, the table of contents stands beside the text and stays in sight.
 */
export const styleSheet = `
:root { color-scheme: light dark; }
${variables(
  ({ surface, ink, muted, grid, series }) =>
    `--surface: ${surface}; --ink: ${ink}; --muted: ${muted}; --grid: ${grid}; --link: ${series[0]};`,
)}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  max-width: 96rem; margin: 0 auto; padding: 3.5rem clamp(1rem, 4vw, 3rem) 6rem;
  background: var(--surface); color: var(--ink);
  font: 1.0625rem/1.6 ${FONTS};
  overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.2; font-weight: 650; text-wrap: balance; }
h1 { margin: 0; font-size: clamp(1.9rem, 1.5rem + 1.8vw, 2.6rem); letter-spacing: -0.015em; }
h2 { margin: 0 0 1rem; font-size: 1.55rem; letter-spacing: -0.01em; }
h3 { margin: 2.5rem 0 0.75rem; font-size: 1.15rem; }
p { max-width: 68ch; margin: 0 0 1rem; text-wrap: pretty; }
.lead { margin: 0.9rem 0 0; font-size: 1.2rem; line-height: 1.5; color: var(--muted); }
.note { font-size: 0.9rem; line-height: 1.5; color: var(--muted); }
a { color: var(--link); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
code, pre { font-family: ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
code { font-size: 0.88em; }

dl {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: 0.9rem 2rem;
  margin: 2rem 0 0; padding-top: 1.4rem; border-top: 1px solid var(--grid); font-size: 0.9rem; line-height: 1.45;
}
dt { color: var(--muted); }
dd { margin: 0; }

nav { margin: 2rem 0 0; padding-top: 1.4rem; border-top: 1px solid var(--grid); font-size: 0.95rem; }
nav ol { display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; margin: 0; padding: 0; list-style: none; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
main > section { margin-top: 4.5rem; scroll-margin-top: 2rem; }

.scroll, pre { overflow-x: auto; }
@keyframes scrolled { from, 70% { mask-size: 100% 100%; } }
@supports (animation-timeline: scroll()) {
  .scroll, pre {
    mask: linear-gradient(to left, transparent, #000 2.5rem) 0 0 / calc(100% + 2.5rem) 100% no-repeat;
    animation: scrolled linear; animation-timeline: scroll(self inline);
  }
}
table {
  border-collapse: collapse; margin: 0.5rem 0 1.5rem; font-size: 0.95rem; line-height: 1.4;
  font-variant-numeric: tabular-nums lining-nums;
}
caption { padding-bottom: 0.6rem; text-align: left; color: var(--muted); font-size: 0.9rem; }
th, td { padding: 0.42rem 1.75rem 0.42rem 0; text-align: left; vertical-align: baseline; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 400; font-size: 0.9rem; vertical-align: bottom; }
tbody th, tfoot th { font-weight: 400; min-width: 7rem; white-space: nowrap; }
tbody .long, tfoot .long { min-width: 9rem; white-space: normal; }
tbody tr, tfoot tr { border-top: 1px solid var(--grid); }
tbody + tfoot tr:first-child { border-top: 1px solid var(--muted); }
.right { text-align: right; white-space: nowrap; }
pre { margin: 0.5rem 0 1.5rem; font-size: 0.82rem; line-height: 1.15; }
summary { width: fit-content; margin-bottom: 0.5rem; color: var(--link); cursor: pointer; }

figure {
  flex: 1 1 calc(var(--drawn) * 0.85px); max-width: min(100%, (var(--drawn) - ${MARGIN}) * 1px);
  margin: 0.5rem 0 1rem;
}
figure svg {
  --inner: calc(var(--drawn) - ${MARGIN});
  --least: clamp(0px, (var(--inner) * ${MIN_SCALE.whole}px - 100%) * 1000, var(--drawn) * ${MIN_SCALE.scrolled}px);
  --shown: max(100% * var(--drawn) / var(--inner), var(--least));
  display: block; width: var(--shown); height: auto; margin-left: calc(-${MARGIN} * var(--shown) / var(--drawn));
}
figcaption { padding: 0.5rem 0 0; font-size: 0.9rem; line-height: 1.5; color: var(--muted); }
.figures { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.5rem 1.5rem; }
.figures > .scroll { max-width: 100%; }

@media (min-width: 75rem) {
  body { display: grid; grid-template-columns: 12rem minmax(0, 1fr); grid-template-rows: auto 1fr; column-gap: 4rem; }
  header, main { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 2; align-self: start; position: sticky; top: 3.5rem; margin: 0; padding: 0.6rem 0 0; border: 0; }
  nav ol { flex-direction: column; gap: 0.55rem; }
}
@media (max-width: 40rem) {
  table, thead th { font-size: 0.85rem; }
  th, td { padding-right: 0.8rem; }
  tbody th, tfoot th { min-width: 0; }
  header > dl { gap: 0.5rem; }
  header > dl > div { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.75rem; }
}
@media print {
  body { display: block; max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  figure, tr { break-inside: avoid; }
  figure svg { --least: 0px; }
  h2, h3 { break-after: avoid; }
  main > section { margin-top: 2.5rem; }
}
`

/** Sets a page's variables to colours of the light palette, and of the dark one where the reader has chosen dark. */
export function variables(declare: (palette: typeof palettes.light) => string): string {
  const { light, dark } = palettes
  return `:root { ${declare(light)} }\n@media (prefers-color-scheme: dark) { :root { ${declare(dark)} } }`
}
