/** A place in an image, x and y being −½ … ½ from edge to edge, and what surfaces should be there, one value for each. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly values: readonly number[]
}

/**
 * A surface of the second degree over an image, by the coefficients of 1, x, y, x², xy and y²: it rises, falls and bends as light
 * does that comes from one side, or is brightest in the middle.
 */
export type Surface = readonly number[]

/**
 * How much, a point, a coefficient is kept from growing: little beside the 0.03 that x² varies by along all edges, and much where
 * points at two edges alone say next to nothing of the middle between them.
 */
const RIDGE = 3e-4

const terms = (x: number, y: number): readonly number[] => [1, x, y, x * x, x * y, y * y]

/** The surface that has one value everywhere. */
export const level = (value: number): Surface => [value, 0, 0, 0, 0, 0]

/** What a surface is at a place. */
export function heightAt([c, ofX, ofY, ofXX, ofXY, ofYY]: Surface, x: number, y: number): number {
  return c + x * (ofX + x * ofXX + y * ofXY) + y * (ofY + y * ofYY)
}

/** The surfaces with the least squares of their differences from points, one for each of the points' values. */
export function fitSurfaces(points: readonly Point[]): Surface[] {
  // The normal equations: in each row sums of products of a term with all terms, and then with the values.
  const rows = terms(0, 0).map((_, i, { length }) => {
    const row = new Float64Array(length + points[0].values.length)
    if (i > 0) row[i] = RIDGE * points.length
    return row
  })
  for (const { x, y, values } of points) {
    const at = terms(x, y)
    const line = [...at, ...values]
    for (const [i, row] of rows.entries()) {
      for (let k = 0; k < row.length; k++) row[k] += at[i] * line[k]
    }
  }
  eliminate(rows)
  return points[0].values.map((_, value) => rows.map(row => row[rows.length + value]))
}

/** Gauss and Jordan's elimination, without exchanging rows, which a positive definite matrix does not need. */
function eliminate(rows: readonly Float64Array[]): void {
  for (const [i, row] of rows.entries()) {
    const pivot = row[i]
    for (let k = i; k < row.length; k++) row[k] /= pivot
    for (const other of rows) {
      const factor = other[i]
      if (other !== row) for (let k = i; k < row.length; k++) other[k] -= factor * row[k]
    }
  }
}
