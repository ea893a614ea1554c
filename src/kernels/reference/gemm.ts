import type { Real } from '../../tensor/tensor.ts'

/**
 * C[i,j] ← C[i,j] + Σₖ A[i,k]·B[k,j]: one chain for each element of C that goes on from the value it finds there, k
 * ascending. Any matrix may be a transposed or a strided view: element [i,k] of A is at `a0 + i·aRow + k·aCol`; C's
 * rows are contiguous.
 */
export type Gemm<A extends Real> = (
  m: number,
  n: number,
  depth: number,
  a: A,
  a0: number,
  aRow: number,
  aCol: number,
  b: A,
  b0: number,
  bRow: number,
  bCol: number,
  c: A,
  c0: number,
  cRow: number,
) => void

/** The definition, in float64. */
export const gemm64: Gemm<Float64Array> = (
  m,
  n,
  depth,
  a,
  a0,
  aRow,
  aCol,
  b,
  b0,
  bRow,
  bCol,
  c,
  c0,
  cRow,
) => {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let s = c[c0 + i * cRow + j]
      for (let k = 0; k < depth; k++) s += a[a0 + i * aRow + k * aCol] * b[b0 + k * bRow + j * bCol]
      c[c0 + i * cRow + j] = s
    }
  }
}

const f = Math.fround

/**
 * The same in float32, product and sum rounded. Sixteen chains side by side, a 4×4 tile of C: they hide one another's latency, and each number read serves four of
 * them. 1.1 GMAC/s where one chain at a time makes 0.25. `Math.fround` is written out, since a rounding function passed
 * in would be called rather than inlined as soon as one process uses both precisions (0.07 GMAC/s).
 */
export const gemm32: Gemm<Float32Array> = (
  m,
  n,
  depth,
  a,
  a0,
  aRow,
  aCol,
  b,
  b0,
  bRow,
  bCol,
  c,
  c0,
  cRow,
) => {
  const tiledRows = m - (m % 4)
  const tiledColumns = n - (n % 4)
  for (let i = 0; i < tiledRows; i += 4) {
    for (let j = 0; j < tiledColumns; j += 4) {
      const c1 = c0 + i * cRow + j
      const c2 = c1 + cRow
      const c3 = c2 + cRow
      const c4 = c3 + cRow
      let s11 = c[c1]
      let s12 = c[c1 + 1]
      let s13 = c[c1 + 2]
      let s14 = c[c1 + 3]
      let s21 = c[c2]
      let s22 = c[c2 + 1]
      let s23 = c[c2 + 2]
      let s24 = c[c2 + 3]
      let s31 = c[c3]
      let s32 = c[c3 + 1]
      let s33 = c[c3 + 2]
      let s34 = c[c3 + 3]
      let s41 = c[c4]
      let s42 = c[c4 + 1]
      let s43 = c[c4 + 2]
      let s44 = c[c4 + 3]
      let ia = a0 + i * aRow
      let ib = b0 + j * bCol
      for (let k = 0; k < depth; k++) {
        const a1 = a[ia]
        const a2 = a[ia + aRow]
        const a3 = a[ia + 2 * aRow]
        const a4 = a[ia + 3 * aRow]
        const b1 = b[ib]
        const b2 = b[ib + bCol]
        const b3 = b[ib + 2 * bCol]
        const b4 = b[ib + 3 * bCol]
        s11 = f(s11 + f(a1 * b1))
        s12 = f(s12 + f(a1 * b2))
        s13 = f(s13 + f(a1 * b3))
        s14 = f(s14 + f(a1 * b4))
        s21 = f(s21 + f(a2 * b1))
        s22 = f(s22 + f(a2 * b2))
        s23 = f(s23 + f(a2 * b3))
        s24 = f(s24 + f(a2 * b4))
        s31 = f(s31 + f(a3 * b1))
        s32 = f(s32 + f(a3 * b2))
        s33 = f(s33 + f(a3 * b3))
        s34 = f(s34 + f(a3 * b4))
        s41 = f(s41 + f(a4 * b1))
        s42 = f(s42 + f(a4 * b2))
        s43 = f(s43 + f(a4 * b3))
        s44 = f(s44 + f(a4 * b4))
        ia += aCol
        ib += bRow
      }
      c[c1] = s11
      c[c1 + 1] = s12
      c[c1 + 2] = s13
      c[c1 + 3] = s14
      c[c2] = s21
      c[c2 + 1] = s22
      c[c2 + 2] = s23
      c[c2 + 3] = s24
      c[c3] = s31
      c[c3 + 1] = s32
      c[c3 + 2] = s33
      c[c3 + 3] = s34
      c[c4] = s41
      c[c4 + 1] = s42
      c[c4 + 2] = s43
      c[c4 + 3] = s44
    }
  }
  // What is left at the right of the tiles and below them.
  for (let j = tiledColumns; j < n; j++) {
    for (let i = 0; i < tiledRows; i += 4) {
      fourChains32(depth, a, a0 + i * aRow, aRow, aCol, b, b0 + j * bCol, 0, bRow, c, c0 + i * cRow + j, cRow)
    }
  }
  for (let i = tiledRows; i < m; i++) {
    for (let j = 0; j < tiledColumns; j += 4) {
      fourChains32(depth, a, a0 + i * aRow, 0, aCol, b, b0 + j * bCol, bCol, bRow, c, c0 + i * cRow + j, 1)
    }
    for (let j = tiledColumns; j < n; j++) {
      chain32(depth, a, a0 + i * aRow, aCol, b, b0 + j * bCol, bRow, c, c0 + i * cRow + j)
    }
  }
}

/** Four neighbours of C in a column (`aNext` apart in A) or in a row (`bNext` apart in B). */
function fourChains32(
  depth: number,
  a: Float32Array,
  ia: number,
  aNext: number,
  aCol: number,
  b: Float32Array,
  ib: number,
  bNext: number,
  bRow: number,
  c: Float32Array,
  ic: number,
  cNext: number,
): void {
  let s1 = c[ic]
  let s2 = c[ic + cNext]
  let s3 = c[ic + 2 * cNext]
  let s4 = c[ic + 3 * cNext]
  for (let k = 0; k < depth; k++) {
    s1 = f(s1 + f(a[ia] * b[ib]))
    s2 = f(s2 + f(a[ia + aNext] * b[ib + bNext]))
    s3 = f(s3 + f(a[ia + 2 * aNext] * b[ib + 2 * bNext]))
    s4 = f(s4 + f(a[ia + 3 * aNext] * b[ib + 3 * bNext]))
    ia += aCol
    ib += bRow
  }
  c[ic] = s1
  c[ic + cNext] = s2
  c[ic + 2 * cNext] = s3
  c[ic + 3 * cNext] = s4
}

/** One element of C. */
function chain32(
  depth: number,
  a: Float32Array,
  ia: number,
  aCol: number,
  b: Float32Array,
  ib: number,
  bRow: number,
  c: Float32Array,
  ic: number,
): void {
  let s = c[ic]
  for (let k = 0; k < depth; k++) s = f(s + f(a[ia + k * aCol] * b[ib + k * bRow]))
  c[ic] = s
}
