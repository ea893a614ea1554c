/**
 * The colours of a picture: for a light or a dark page, or, with `auto`, as the reader's system asks for wherever a
 * browser shows the picture.
 */
export type Theme = 'auto' | 'light' | 'dark'

export const themes: readonly Theme[] = ['auto', 'light', 'dark']

/** What things in a picture are painted with. */
export interface Palette {
  /** What the picture lies on. */
  readonly surface: string
  /** Titles and numbers. */
  readonly ink: string
  /** Axes, captions, and whatever only explains. */
  readonly muted: string
  /** What is to be read only by those who look for it: zeros of a matrix. */
  readonly faint: string
  readonly grid: string
  /** Lines and bars, told apart by everyone: Okabe and Ito's colours, darker or lighter where a name must be read. */
  readonly series: readonly string[]
  readonly right: string
  readonly wrong: string
}

/**
 * Source: Okabe and Ito (2008), Color Universal Design, https://jfly.uni-koeln.de/color/. Every text has a contrast of at
 * least 4.5 : 1 with the surface, every line one of 3 : 1.
 */
export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    surface: '#ffffff',
    ink: '#1b1f24',
    muted: '#59636e',
    faint: '#69727c',
    grid: '#e3e7ec',
    series: ['#0072b2', '#c45500', '#00805d', '#b3558a'],
    right: '#007a5a',
    wrong: '#c24e00',
  },
  dark: {
    surface: '#14181d',
    ink: '#e6e9ed',
    muted: '#9aa4af',
    faint: '#808a95',
    grid: '#2c333b',
    series: ['#56b4e9', '#f0a03c', '#2fc39a', '#e39bc4'],
    right: '#2fc39a',
    wrong: '#ff9d5c',
  },
}

/** Series that have a colour of their own; the next ones begin again. */
export const SERIES = palettes.light.series.length

/**
 * The style sheet of a picture. Elements say by their class what they are:
 *
 * | class | |
 * | --- | --- |
 * | `surface`, `ink`, `muted`, `faint`, `right`, `wrong` | a fill |
 * | `series-1` … `series-4` | a fill for bars, points and words |
 * | `track` | a fill for what a bar lies on |
 * | `line-1` … `line-4`, `line-muted`, `line-wrong`, `grid` | a stroke without a fill |
 */
export function pictureStyles(theme: Theme): string {
  return themed(theme, rules)
}

/** Rules of a style sheet for a palette, or, with `auto`, for the one that the reader's system asks for. */
export function themed(theme: Theme, rules: (palette: Palette) => string): string {
  if (theme !== 'auto') return rules(palettes[theme])
  return `${rules(palettes.light)}@media (prefers-color-scheme: dark){${rules(palettes.dark)}}`
}

function rules({ series, grid, ...fills }: Palette): string {
  const strokes = { 'line-muted': fills.muted, 'line-wrong': fills.wrong, grid }
  return [
    `.picture .track{fill:${grid}}`,
    ...Object.entries(fills).map(([name, colour]) => `.picture .${name}{fill:${colour}}`),
    ...Object.entries(strokes).map(([name, colour]) => `.picture .${name}{fill:none;stroke:${colour}}`),
    ...series.map((colour, i) => `.picture .series-${i + 1}{fill:${colour}}`),
    ...series.map((colour, i) => `.picture .line-${i + 1}{fill:none;stroke:${colour}}`),
  ].join('')
}
