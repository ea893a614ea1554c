import type { Session } from './session.ts'

/** A question that the benchmark answers. */
export interface Question {
  /** What it is called on the command line. */
  readonly name: string
  /** Measures, in processes of their own, and gives the answer. */
  ask(session: Session): Promise<Answer>
}

/** What a question came to. */
export interface Answer {
  readonly tables: readonly Table[]
  /** The figures that something was promised of. */
  readonly figures: readonly Figure[]
  /** All that was measured, for the JSON file. */
  readonly measured: unknown
}

/** A table of words and numbers; null for what there is not. */
export interface Table {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Whether the README shows it. */
  readonly inReadme?: boolean
}

export type Cell = string | number | null

/** A measured figure beside its target: `atLeast`, `atMost` or both. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: '×' | '%' | 's' | 'ms' | 'MB' | ''
  readonly atLeast?: number
  readonly atMost?: number
}

/** Whether a figure reaches its target. */
export function isReached({ value, atLeast, atMost }: Figure): boolean {
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY)
}
