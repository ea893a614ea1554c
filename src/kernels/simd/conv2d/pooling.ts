import type { Conv2DGeometry, Conv2DReluPoolGeometry } from '../../kernels.ts'

/** The pooling that a convolution's output goes through. */
export type Pooling = Pick<
  Conv2DReluPoolGeometry,
  'poolHeight' | 'poolWidth' | 'pooledHeight' | 'pooledWidth'
>

/** What its fields hold where there is none. */
export const NO_POOL: Pooling = { poolHeight: 0, poolWidth: 0, pooledHeight: 0, pooledWidth: 0 }

/** The part of a convolution's output that matters: pixels in no window are not asked for and have no gradient. */
export interface Covered {
  readonly outHeight: number
  readonly outWidth: number
  /** Rows that stay together: those of a window. */
  readonly rowsTogether: number
}

export function coveredBy(pool: Pooling, { outHeight, outWidth }: Conv2DGeometry): Covered {
  if (pool === NO_POOL) return { outHeight, outWidth, rowsTogether: 1 }
  const { poolHeight, poolWidth, pooledHeight, pooledWidth } = pool
  return { outHeight: pooledHeight * poolHeight, outWidth: pooledWidth * poolWidth, rowsTogether: poolHeight }
}
