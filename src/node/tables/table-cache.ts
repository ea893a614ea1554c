import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { endianness } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { ArrayOf, DType, Table } from '../../data/table.ts'
import { cacheFolder } from '../files/cache-folder.ts'
import { makeFolder } from '../files/make-folder.ts'
import { isBusy } from '../files/replace-file.ts'
import { readTableFile, writeTableFile } from './table-file.ts'

/**
 * What was parsed from one CSV file, kept beside it as `.NAME.DTYPE.cache`, or in the user's cache folder where that
 * cannot be written. It counts only for the file's size and time of change at which it was parsed. A cache only saves
 * time, so nothing that is wrong with it is ever an error: what cannot be read is parsed again, and what cannot be
 * written is not kept.
 *
 * @example
 * const cache = new TableCache(path, await stat(path, { bigint: true }), 'uint8', ',')
 * const table = (await cache.read()) ?? (await parse(path))
 */
export class TableCache<D extends DType> {
  readonly #source: string
  readonly #dtype: D
  readonly #key: string
  /** Where the cache may lie, the preferred place first. */
  readonly #places: readonly string[]

  /**
   * @param source the CSV file
   * @param stats of the CSV file, from before it is read
   * @param folder the only folder to use, instead of the two usual places
   */
  constructor(source: string, stats: BigIntStats, dtype: D, delimiter: string, folder?: string) {
    this.#source = source
    this.#dtype = dtype
    this.#key = JSON.stringify([String(stats.size), String(stats.mtimeNs), dtype, delimiter, endianness()])
    const name = basename(source)
    // Files of one name from many folders meet in a folder of caches.
    const hash = createHash('sha256').update(resolve(source)).digest('hex').slice(0, 16)
    const apart = `${name}-${hash}.${dtype}.cache`
    this.#places = folder
      ? [join(folder, apart)]
      : [join(dirname(source), `.${name}.${dtype}.cache`), join(cacheFolder(), 'tables', apart)]
  }

  /** The table, or null where none is kept that is whole and up to date. */
  async read(): Promise<Table<ArrayOf[D]> | null> {
    for (const place of this.#places) {
      const kept = await readTableFile(place, this.#key, this.#dtype).catch(() => null)
      if (kept) return { ...kept, source: this.#source, dtype: this.#dtype }
    }
    return null
  }

  /** Keeps a table in the first place that takes it, if any does. */
  async write(table: Table<ArrayOf[D]>): Promise<void> {
    for (const place of this.#places) {
      try {
        await makeFolder(dirname(place))
        await writeTableFile(place, this.#key, table)
        return
      } catch (error) {
        if (isBusy(error)) return // Whoever writes it has parsed the same file.
        // The next place may be better.
      }
    }
  }
}
