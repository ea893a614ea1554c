import { callRoutine, type Int, integers } from '../assembly/assembly.ts'
import type { Target } from '../numerics.ts'
import { product } from './product.ts'

/** What a product needs of a geometry: addresses of tables, a number of blocks, bytes of a panel. */
export const productFields = integers('aRows', 'blocks', 'entries', 'panelBytes', 'zeros', 'cRows', 'ramp')

type Operand = 'a' | 'panels' | 'start' | 'c' | 'rows' | 'columns' | 'edge'

/**
 * C = start + A·B by the tables of a geometry: see {@link product}. Operands are worked out in the order in which they are
 * written, which is that of the parameters here.
 *
 * @param aStep bytes from a number of A to the next
 */
export function multiply(
  target: Target,
  tables: { readonly [field in keyof typeof productFields]: Int },
  { a, panels, start, c, rows, columns, edge }: { readonly [operand in Operand]: Int },
  aStep: Int = 4,
): void {
  const { aRows, blocks, entries, panelBytes, zeros, cRows, ramp } = tables
  callRoutine(product(target), {
    a,
    aRows,
    aStep,
    blocks,
    entries,
    panels,
    panelBytes,
    start,
    zeros,
    c,
    cRows,
    rows,
    columns,
    edge,
    ramp,
  })
}
