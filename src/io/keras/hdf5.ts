import type { Shape } from '../../tensor/shape.ts'
import type { Problems } from '../problems.ts'

/** What of an HDF5 file Keras makes use of. */
export interface Hdf5File {
  /** All groups and datasets by path, `layers/dense/vars/0`; the root's path is empty. */
  readonly objects: ReadonlyMap<string, Hdf5Object>
  /** The numbers of datasets, row-major. */
  read(paths: readonly string[]): Promise<Float32Array<ArrayBuffer>[]>
  /** Lets go of what it takes to read. */
  close(): void
}

/** A group has attributes and no shape, a dataset the other way round. */
export interface Hdf5Object {
  /** Texts, numbers and lists of them. */
  readonly attributes: ReadonlyMap<string, unknown>
  /** Null for a group. */
  readonly dataset: { readonly shape: Shape; readonly dtype: string } | null
}

/**
 * Opens the bytes of an HDF5 file.
 *
 * @throws ModelFileError where they are none, by `problems`; ConvnetError where what reads such files is not installed
 */
export type OpenHdf5 = (bytes: Uint8Array, problems: Problems) => Promise<Hdf5File>

/** Float32, little-endian: as Keras writes weights. */
export const FLOAT32 = '<f4'
