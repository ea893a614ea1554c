import { describe, expect, test } from 'vitest'
import { palettes, styleSheet } from '../../../src/report/picture/theme.ts'
import { contrast } from '../../support/contrast.ts'

describe.each(Object.entries(palettes))('the %s palette', (_, palette) => {
  const { surface, series, grid, ...others } = palette

  test('has texts that can be read', () => {
    for (const [name, colour] of Object.entries(others)) {
      expect(contrast(colour, surface), name).toBeGreaterThanOrEqual(4.5)
    }
    for (const colour of series) expect(contrast(colour, surface), colour).toBeGreaterThanOrEqual(4.5)
  })

  test('has a grid that stays behind', () => {
    expect(contrast(grid, surface)).toBeLessThan(2)
  })
})

describe('styleSheet', () => {
  test('has the colours of its theme, or both', () => {
    const { light, dark } = palettes
    expect(styleSheet('light')).toContain(light.ink)
    expect(styleSheet('light')).not.toContain(dark.ink)
    expect(styleSheet('dark')).toContain(dark.ink)
    expect(styleSheet('dark')).not.toContain('@media')
    expect(styleSheet('auto')).toMatch(new RegExp(`${light.ink}.*prefers-color-scheme: dark.*${dark.ink}`))
  })
})
