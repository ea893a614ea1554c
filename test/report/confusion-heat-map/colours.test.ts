import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  HEAT_STEPS,
  heatClasses,
  heatEnd,
  heatStyles,
} from '../../../src/report/confusion-heat-map/colours.ts'
import { palettes } from '../../../src/report/picture/theme.ts'
import { channels, contrast } from '../../support/contrast.ts'

/** The fills of a style sheet by their classes. */
const fillsOf = (styles: string) =>
  Object.fromEntries(
    [...styles.matchAll(/\.picture \.([\w-]+)\{fill:([^}]+)\}/g)].map(([, name, fill]) => [name, fill]),
  )

const steps = Array.from({ length: HEAT_STEPS + 1 }, (_, step) => step)

describe.each(['light', 'dark'] as const)('colours of heat, %s', theme => {
  const fills = fillsOf(heatStyles(theme))
  const { surface, faint, series } = palettes[theme]

  test('go from a tint that is seen to the colour of the first series, each farther than the one before', () => {
    const tint = contrast(fills['heat-0'], surface)
    expect(tint > 1.05 && tint < 1.2).toBe(true)
    expect(channels(fills[`heat-${HEAT_STEPS}`])).toEqual(channels(series[0]))
    const fromSurface = steps.map(step => contrast(fills[`heat-${step}`], surface))
    for (const step of steps.slice(1)) expect(fromSurface[step]).toBeGreaterThan(fromSurface[step - 1])
  })

  test('let each number be read', () => {
    for (const step of steps) {
      expect(contrast(fills[`on-heat-${step}`], fills[`heat-${step}`])).toBeGreaterThanOrEqual(4.5)
    }
    // Zeros are fainter, on the tint.
    expect(contrast(faint, fills['heat-0'])).toBeGreaterThanOrEqual(4.5)
  })
})

test('the theme auto has the colours of both', () => {
  expect(heatStyles('auto')).toBe(
    `${heatStyles('light')}@media (prefers-color-scheme: dark){${heatStyles('dark')}}`,
  )
})

describe('heatClasses', () => {
  test('gives little more than its share', () => {
    expect(heatClasses(0)).toEqual({ cell: 'heat-0', number: 'on-heat-0' })
    expect(heatClasses(0.01).cell).toBe('heat-2')
    expect(heatClasses(0.25).cell).toBe('heat-10')
    expect(heatClasses(1)).toEqual({ cell: 'heat-20', number: 'on-heat-20' })
  })

  test('gives a step to all amounts up to its end', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), amount => {
        const step = steps.find(each => amount <= heatEnd(each) + 1e-12)
        expect(Math.abs(Math.sqrt(amount) * HEAT_STEPS - step!)).toBeLessThanOrEqual(0.5 + 1e-6)
        const isAtAnEnd = steps.some(each => Math.abs(amount - heatEnd(each)) < 1e-9)
        if (!isAtAnEnd || amount === 1) expect(heatClasses(amount).cell).toBe(`heat-${step}`)
      }),
    )
    expect(heatEnd(HEAT_STEPS)).toBe(1)
  })
})
