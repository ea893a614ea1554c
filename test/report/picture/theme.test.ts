import { describe, expect, test } from 'vitest'
import { palettes, pictureStyles } from '../../../src/report/picture/theme.ts'
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

describe('pictureStyles', () => {
  test('has the colours of its theme, or both', () => {
    const { light, dark } = palettes
    expect(pictureStyles('light')).toContain(light.ink)
    expect(pictureStyles('light')).not.toContain(dark.ink)
    expect(pictureStyles('dark')).toContain(dark.ink)
    expect(pictureStyles('dark')).not.toContain('@media')
    expect(pictureStyles('auto')).toMatch(new RegExp(`${light.ink}.*prefers-color-scheme: dark.*${dark.ink}`))
  })
})
