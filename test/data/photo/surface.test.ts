import { describe, expect, test } from 'vitest'
import { fitSurfaces, heightAt, level, type Surface } from '../../../src/data/photo/surface.ts'
import { random } from '../../../src/tensor/random.ts'
import { expectClose } from '../../support/compare.ts'

const bent: Surface = [200, -40, 25, -60, 30, 20]

/** Points of surfaces, at places from −½ to ½. */
const pointsOf = (surfaces: readonly Surface[], places: readonly (readonly [x: number, y: number])[]) =>
  places.map(([x, y]) => ({ x, y, values: surfaces.map(surface => heightAt(surface, x, y)) }))

const steps = Array.from({ length: 41 }, (_, i) => i / 40 - 0.5)
const edges = steps.flatMap(
  at =>
    [
      [at, -0.5],
      [at, 0.5],
      [-0.5, at],
      [0.5, at],
    ] as const,
)

test('heightAt has each of the terms', () => {
  const heights = bent.map((_, i) => heightAt(level(0).with(i, 1), 0.25, -0.5))
  expect(heights).toEqual([1, 0.25, -0.5, 0.0625, -0.125, 0.25])
})

describe('fitSurfaces', () => {
  test('finds surfaces by their edges alone', () => {
    const [first, second] = fitSurfaces(pointsOf([bent, level(7)], edges))
    for (const [x, y] of [
      [0, 0],
      [0.3, -0.2],
      [-0.5, 0.5],
    ] as const) {
      expectClose([heightAt(first, x, y)], [heightAt(bent, x, y)], { atol: 1, rtol: 0 })
    }
    expectClose(second, level(7), { atol: 1e-9, rtol: 0 })
  })

  test('makes up nothing between two edges', () => {
    const next = random(1, 'surface')
    const noisy = steps.flatMap(y =>
      [-0.5, -0.49, 0.49, 0.5].map(x => ({ x, y, values: [100 + 10 * (next() - 0.5)] })),
    )
    const [surface] = fitSurfaces(noisy)
    expect(Math.abs(heightAt(surface, 0, 0) - 100)).toBeLessThan(3)
  })

  test('takes as little as one point', () => {
    expectClose(fitSurfaces([{ x: 0.1, y: 0.2, values: [9] }])[0].slice(0, 1), [9], { atol: 0.1, rtol: 0 })
  })
})
