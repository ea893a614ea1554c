/**
 * The contrast of two colours, from 1 to 21. Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 *
 * @param a `#rgb`, `#rrggbb` or `rgb(r,g,b)`, as `b`
 */
export function contrast(a: string, b: string): number {
  const [dark, light] = [a, b].map(luminance).sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const linear = channels(colour).map(channel => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/** Red, green and blue from 0 to 255. */
export function channels(colour: string): number[] {
  const numbers = /^rgb\((\d+),(\d+),(\d+)\)$/.exec(colour)
  if (numbers) return numbers.slice(1).map(Number)
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(colour)![1]
  const each = digits.length / 3
  return [0, 1, 2].map(i => Number.parseInt(digits.slice(i * each, (i + 1) * each).repeat(3 - each), 16))
}
