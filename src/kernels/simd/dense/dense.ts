import { BLOCK_INPUTS, type DenseGeometry, type Kernels } from '../../kernels.ts'
import { onceForEachNumber } from '../assembly/once-for-each.ts'
import { type Blocks, blocksOf } from '../gemm/blocks.ts'
import { panelPacking } from '../gemm/panels.ts'
import type { Target } from '../numerics.ts'
import type { Machine } from '../runtime/machine.ts'
import { Tables, Workspace } from '../runtime/tables.ts'
import { BLOCK_ROWS, FEW_COLUMNS, ROWS, TURNED_ROW, WEIGHT_ROWS } from './dense-task.ts'

/**
 * So few rows are multiplied one by one: to pack the weights takes longer than about eight rows need for their product. One
 * image of the notebook's second experiment takes 44 µs instead of 119.
 */
const FEW_ROWS = 7

type DenseKernels = Pick<Kernels, 'dense' | 'denseBackwardWeights' | 'denseBackwardInput'>

export function denseKernels(machine: Machine, target: Target): DenseKernels {
  const rowsTimesPacked = machine.number('rowsTimesPacked')
  const rowTimesMatrix = machine.number('rowTimesMatrix')
  const backwardWeights = machine.number('denseBackwardWeights')
  const backwardBias = machine.number('denseBackwardBias')
  const { rows: height, columns: width } = target.tile
  const { packRows, packColumns } = panelPacking(machine, target)
  const tables = new Tables(machine)
  const scratch = new Workspace(machine)
  const { threads } = machine.crew
  const blocksOfInputs = onceForEachNumber(inputs =>
    blocksOf(tables, [0], inputs, width, { longest: BLOCK_INPUTS, isApart: true }),
  )
  const blocksOfUnits = onceForEachNumber(units => blocksOf(tables, [0], units, width))
  /** A holds one block of rows at a time. */
  const blocksOfRows = onceForEachNumber(rows =>
    blocksOf(tables, [0], rows, width, { longest: BLOCK_ROWS, step: 0 }),
  )

  const panelsOf = (columns: number) => Math.ceil(columns / width)

  function multiply(
    rows: number,
    depth: number,
    columns: number,
    a: Float32Array,
    blocks: Blocks,
    panels: number,
    bias: Float32Array | null,
    c: Float32Array,
  ): void {
    const zeros = tables.zeros(Math.max(ROWS, panelsOf(columns) * width))
    const chunkRows = Math.min(ROWS, height * Math.ceil(rows / height / 4 / threads))
    machine.run(
      rowsTimesPacked,
      Math.ceil(rows / chunkRows),
      a.byteOffset,
      tables.ramp(4 * depth, ROWS),
      depth,
      blocks.count,
      blocks.entries,
      panels,
      bias ? bias.byteOffset : zeros,
      zeros,
      c.byteOffset,
      tables.ramp(4 * columns, ROWS),
      rows,
      columns,
      scratch.reserve(threads * ROWS * width),
      tables.ramp(4 * width, ROWS),
      chunkRows,
    )
  }

  return {
    dense({ inputs, units }: DenseGeometry, rows, x, w, b, y) {
      if (rows <= FEW_ROWS) {
        const start = b ? b.byteOffset : tables.zeros(units)
        const parts = Math.ceil(units / FEW_COLUMNS)
        machine.run(
          rowTimesMatrix,
          rows * parts,
          x.byteOffset,
          inputs,
          w.byteOffset,
          start,
          y.byteOffset,
          units,
          parts,
        )
        return
      }
      multiply(rows, inputs, units, x, blocksOfInputs(inputs), packRows(w, inputs, units), b, y)
    },

    denseBackwardWeights({ inputs, units }, rows, x, dy, dw, db) {
      const panels = packRows(dy, rows, units)
      const blocks = blocksOfRows(rows)
      const edges = scratch.reserve(threads * WEIGHT_ROWS * (width + TURNED_ROW))
      machine.run(
        backwardWeights,
        Math.ceil(inputs / WEIGHT_ROWS),
        x.byteOffset,
        inputs,
        tables.ramp(4 * TURNED_ROW, WEIGHT_ROWS),
        blocks.count,
        blocks.entries,
        panels,
        tables.zeros(Math.max(WEIGHT_ROWS, panelsOf(units) * width)),
        dw.byteOffset,
        tables.ramp(4 * units, WEIGHT_ROWS),
        rows,
        units,
        edges,
        tables.ramp(4 * width, WEIGHT_ROWS),
        edges + 4 * threads * WEIGHT_ROWS * width,
      )
      if (db) machine.run(backwardBias, Math.ceil(units / 16), dy.byteOffset, rows, units, db.byteOffset)
    },

    denseBackwardInput({ inputs, units }, rows, dy, w, dx) {
      multiply(rows, units, inputs, dy, blocksOfUnits(units), packColumns(w, units, inputs), null, dx)
    },
  }
}
