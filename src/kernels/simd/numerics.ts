/**
 * `strict`: no fused multiply-add, so that every engine gives the bits of the reference. `fast`: relaxed SIMD's
 * multiply-add, which rounds once where the engine's machine can, and Winograd's algorithm for deep convolutions of 3×3.
 */
export type Numerics = 'strict' | 'fast'

/**
 * The shape of the tile of outputs that one loop keeps in registers: columns are a multiple of 4. Where V8 joins vectors
 * into ones of 256 bits, twice as many fit.
 */
export interface Tile {
  readonly rows: number
  readonly columns: number
}

/** What the kernels are written for. */
export interface Target {
  readonly numerics: Numerics
  readonly tile: Tile
  /** Whether the engine has relaxed SIMD; fast numerics needs it. */
  readonly relaxedSimd: boolean
}

/** What tells a target apart from all others: `fast 6×16, relaxed SIMD`. */
export function targetName({ numerics, tile, relaxedSimd }: Target): string {
  return `${numerics} ${tile.rows}×${tile.columns}${relaxedSimd ? ', relaxed SIMD' : ''}`
}
