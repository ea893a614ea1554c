import fc from 'fast-check'
import type { Shape } from '../../src/tensor/shape.ts'

/** Small images and the options of a window that fits on them. */
export interface WindowCase {
  readonly input: Shape
  readonly size: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly padding: 'valid' | 'same'
}

const upTo = (max: number) => fc.integer({ min: 1, max })

export const windowCases: fc.Arbitrary<WindowCase> = fc
  .record({
    input: fc.tuple(upTo(6), upTo(6), upTo(3)),
    size: fc.tuple(upTo(3), upTo(3)),
    strides: fc.tuple(upTo(3), upTo(3)),
    padding: fc.constantFrom('valid' as const, 'same' as const),
  })
  .filter(({ input, size, padding }) => padding === 'same' || (size[0] <= input[0] && size[1] <= input[1]))

/** For layers that take any shape. */
export const shapes = fc.array(upTo(4), { minLength: 1, maxLength: 3 })

export const activations = fc.constantFrom(
  'relu' as const,
  'sigmoid' as const,
  'softmax' as const,
  'linear' as const,
)

/** How gradient checks draw: few geometries, and always the same. */
export const drawnGeometries = { numRuns: 25, seed: 1 }
