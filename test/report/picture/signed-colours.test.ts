import { describe, expect, test } from 'vitest'
import { signedPixels, signedScale } from '../../../src/report/picture/signed-colours.ts'
import { DEEPEST_BLUE, DEEPEST_RED, WHITE } from '../../support/picture.ts'

describe('signedPixels', () => {
  test('is symmetric about 0, and darker the further away', () => {
    const steps = Array.from({ length: 41 }, (_, i) => (i - 20) / 10)
    const { data, ...rest } = signedPixels(steps, 41, 1, 2)
    expect(rest).toEqual({ width: 41, height: 1, channels: 3 })
    // Relative luminance, nearly: green has most of it.
    const light = steps.map((_, i) => data[3 * i] + 3 * data[3 * i + 1] + data[3 * i + 2])
    for (let i = 0; i < 20; i++) {
      expect(light[i], `step ${i}`).toBeLessThan(light[i + 1])
      expect(light[40 - i], `step ${40 - i}`).toBeLessThan(light[39 - i])
      expect(data[3 * i] - data[3 * i + 2], 'redder than blue').toBeGreaterThan(0)
      expect(data[3 * (40 - i) + 2] - data[3 * (40 - i)], 'bluer than red').toBeGreaterThan(0)
    }
  })

  test("goes from Brewer's red over white to Brewer's blue", () => {
    expect([...signedPixels([-2, 0, 2], 3, 1, 2).data]).toEqual([...DEEPEST_RED, ...WHITE, ...DEEPEST_BLUE])
  })

  test('has no darker colour beyond the limit, and one colour where all is 0', () => {
    const { data } = signedPixels([-9, -1, 1, 9], 2, 2, 1)
    expect(data.slice(0, 3)).toEqual(data.slice(3, 6))
    expect(data.slice(6, 9)).toEqual(data.slice(9, 12))
    expect([...signedPixels([0, 0], 2, 1, 0).data]).toEqual([...WHITE, ...WHITE])
  })
})

describe('signedScale', () => {
  const scale = (...values: number[]) => signedScale(Float32Array.from(values))
  const repeated = (value: number, times: number) => Array.from({ length: times }, () => value)

  test('goes to the largest distance from 0', () => {
    expect(scale(1, -3, 2)).toEqual({ limit: 3, isExceeded: false })
    expect(scale(1, 4)).toEqual({ limit: 4, isExceeded: false })
    expect(scale(0, 0)).toEqual({ limit: 0, isExceeded: false })
    expect(scale()).toEqual({ limit: 0, isExceeded: false })
  })

  test('leaves out one number in twenty where it is more than twice as far as the others', () => {
    expect(scale(...repeated(-1, 19), 9)).toEqual({ limit: 1, isExceeded: true })
    expect(scale(...repeated(1, 19), -2.5)).toEqual({ limit: 1, isExceeded: true })
    expect(scale(...repeated(1, 19), -2)).toEqual({ limit: 2, isExceeded: false })
    expect(scale(...repeated(1, 18), 9)).toEqual({ limit: 9, isExceeded: false })
    expect(scale(...repeated(1, 38), 9, 9, 9)).toEqual({ limit: 9, isExceeded: false })
  })

  test('is not made smaller by zeros, of which relu makes many', () => {
    expect(scale(...repeated(0, 500), ...repeated(-0, 500), 3, -1)).toEqual({ limit: 3, isExceeded: false })
  })
})
