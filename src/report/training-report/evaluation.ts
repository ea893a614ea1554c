import type { ClassIndices } from '../../metrics/class-indices.ts'
import type { Logs } from '../../model/logs.ts'
import type { ImageTensor } from '../picture/image-pixels.ts'

/** A test of a model that tells classes apart. */
export interface Evaluation {
  /** The true class of each row. */
  readonly yTrue: ClassIndices
  /** The class that the model took each row for: `model.predictClasses(x)`. */
  readonly yPred: ClassIndices
  /** A name for each class. Default: the indices. */
  readonly classNames?: readonly string[]
  /** Loss and metrics of the same rows: `model.evaluate(x, y)`. */
  readonly logs?: Readonly<Logs>
  /** The same rows, where they are images: bytes 0 … 255, or floats 0 … 1. The first of them are shown. */
  readonly images?: ImageTensor
}
