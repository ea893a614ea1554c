import { DataError } from '../../errors.ts'
import { openFile } from '../files/open-file.ts'
import { csvRows } from '../tables/csv-rows.ts'

/** A CSV file of epochs, and where it can be continued. */
export interface CsvLog {
  readonly columns: readonly string[]
  /** Bytes up to the end of the last row that stays. */
  readonly end: number
  /** Whether there is something behind it, which is to be cut off. */
  readonly hasMore: boolean
  /** Whether that row ends its line; only a header without rows may not. */
  readonly endsLine: boolean
}

/**
 * Reads a file of epochs that is to be continued. Its last row does not stay where it does not end its line, since a killed
 * run has not written all of it, and its last number may lack digits. Where a run goes on with an epoch, the rows that it
 * has written from there on do not stay either, since they come again: those at the end of the file, up to where the
 * epochs fall, as they do where a run begins.
 *
 * @param next the epoch that a run goes on with; null where another run begins
 * @returns null where there is no row, not even a header
 * @throws DataError where it is no CSV file, or its header has a name twice
 */
export async function readCsvLog(
  path: string,
  separator: string,
  next: number | null,
): Promise<CsvLog | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    let columns: readonly string[] | null = null
    let end = 0
    let endsLine = true
    let lastEpoch = -1
    let firstAgain: number | null = null
    for await (const { fields, row, end: rowEnd } of csvRows(file, path, separator, () => {})) {
      // The end of a line that has none is counted as well.
      endsLine = rowEnd <= size
      if (row === 1) {
        columns = checkHeader(path, fields)
      } else {
        if (!endsLine) break
        const epoch = Number(fields[columns!.indexOf('epoch')])
        if (epoch <= lastEpoch) firstAgain = null
        if (next !== null && epoch >= next) firstAgain ??= end
        lastEpoch = epoch
      }
      end = Math.min(rowEnd, size)
    }
    if (columns === null) return null
    const stays = firstAgain ?? end
    return { columns, end: stays, hasMore: stays < size, endsLine: endsLine || stays < size }
  } finally {
    await file.close()
  }
}

function checkHeader(file: string, names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice === undefined) return names
  throw new DataError({ file, row: 1, column: twice }, 'cannot be continued: its header has this name twice')
}
