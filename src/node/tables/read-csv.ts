import { type ArrayOf, arrayTypes, type DType, type Table } from '../../data/table.ts'
import { TableBuilder } from '../../data/table-builder.ts'
import { DataError } from '../../errors.ts'
import { checkOptions, delimiter, filePath, flag, oneOf } from '../../options.ts'
import { openFile } from '../files/open-file.ts'
import { csvRows } from './csv-rows.ts'
import { TableCache } from './table-cache.ts'

/** Options of {@link readCsv}. */
export interface ReadCsvOptions<D extends DType = DType> {
  /** What to keep the numbers in; `uint8` takes whole numbers from 0 to 255 only. Default 'float64'. */
  readonly dtype?: D
  /** The character between fields. Default ','. */
  readonly delimiter?: string
  /** Whether the parsed table is kept in a file, to be read from there the next time. Default true. */
  readonly cache?: boolean
  /** The folder for that file. Default: the CSV file's own, or the user's cache folder where that is read-only. */
  readonly cacheDir?: string
  /** Told how far the reading has come. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
  /** Stops the reading, which then throws the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Reads a CSV file of numbers with a header, as Kaggle has them, through `fast-csv` and a row at a time into one typed
 * array. A byte order mark, CRLF, quoted numbers, blank lines at the end and a last line without an end are accepted.
 *
 * What was parsed is kept in a binary file beside the CSV file, and taken from there until the CSV file's size or time
 * of change is another.
 *
 * @param path the file, in UTF-8
 * @throws DataError where the file is missing, empty or no such table, naming row and column
 * @throws OptionError where an option has a value that it may not have
 * @example
 * const table = await readCsv('fashion-mnist_train.csv', { dtype: 'uint8' })
 * table.columns[0] // 'label'
 * table.values.shape // [60000, 785]
 */
export async function readCsv<D extends DType = 'float64'>(
  path: string,
  options: ReadCsvOptions<D> = {},
): Promise<Table<ArrayOf[D]>> {
  filePath('readCsv', 'path', path)
  checkOptions('readCsv', options, ['dtype', 'delimiter', 'cache', 'cacheDir', 'onProgress', 'signal'])
  const { delimiter: separator = ',', cacheDir, onProgress, signal } = options
  delimiter('readCsv', 'delimiter', separator)
  const dtype = oneOf('readCsv', 'dtype', options.dtype ?? ('float64' as D), Object.keys(arrayTypes) as D[])
  const cache = flag('readCsv', 'cache', options.cache ?? true)
  if (cacheDir !== undefined) filePath('readCsv', 'cacheDir', cacheDir)
  signal?.throwIfAborted()
  const file = await openFile(path)
  try {
    const stats = await file.stat({ bigint: true })
    const kept = cache ? new TableCache(path, stats, dtype, separator, cacheDir) : null
    const total = Number(stats.size)
    const known = await kept?.read()
    if (known) {
      onProgress?.(total, total)
      return known
    }

    let builder: TableBuilder<D> | null = null
    for await (const { fields, row, end } of csvRows(file, path, separator, done =>
      onProgress?.(done, total),
    )) {
      signal?.throwIfAborted()
      if (builder) builder.add(fields, row, Math.min(1, end / total))
      else builder = new TableBuilder(path, dtype, fields)
    }
    if (!builder) throw new DataError({ file: path }, 'is empty, expected a header and rows of numbers')
    const table = builder.finish()
    const { size, mtimeNs } = await file.stat({ bigint: true })
    if (size !== stats.size || mtimeNs !== stats.mtimeNs) {
      throw new DataError({ file: path }, 'was changed while it was read')
    }
    await kept?.write(table)
    return table
  } finally {
    await file.close()
  }
}
