import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { DataError } from '../../errors.ts'
import { readLines } from '../files/read-lines.ts'

/** One row of a CSV file, as text. */
export interface CsvRow {
  readonly fields: string[]
  /** Counted from 1, which is the header. */
  readonly row: number
  /** How many bytes of the file end with this row. */
  readonly end: number
}

/** A whole field with or without quotes. Spaces around them are trimmed first: `\s*` here would try each split of them. */
const WHOLE_FIELD = /^("[^"]*"|[^"]*)$/

/**
 * The rows of an open CSV file, parsed by `fast-csv`. A BOM, CRLF and blank lines at the end are let pass. A row is one
 * line: a quoted field that goes on in the next line is taken for a quote that someone forgot to close, since fast-csv
 * would gather the rest of the file in memory to look for its end.
 *
 * @throws DataError where a line is not UTF-8 text, has a stray quote, or is blank with rows under it
 */
export async function* csvRows(
  file: FileHandle,
  path: string,
  delimiter: string,
  onProgress: (bytes: number) => void,
): AsyncGenerator<CsvRow> {
  const parseLine = await lineParser(delimiter)
  let header: readonly string[] = []
  let row = 0
  let end = 0
  let blank = 0
  for await (const line of readLines(file, path, onProgress)) {
    end += line.length
    if (line.includes(0) || !isUtf8(line)) {
      throw new DataError(
        { file: path, row: row + 1 },
        'is not UTF-8 text: is it UTF-16, packed, or no CSV file?',
      )
    }
    const badQuote = (message: string, options?: ErrorOptions) => {
      const field = line
        .toString()
        .split(delimiter)
        .findIndex(text => !WHOLE_FIELD.test(text.trim()))
      return new DataError({ file: path, row: row + 1, column: header[field] }, message, options)
    }
    const rows = await parseLine(line).catch(cause => {
      throw badQuote('has text beside a quoted field', { cause })
    })
    if (rows.length === 0) throw badQuote('has a quote that is not closed in its line')
    for (const fields of rows) {
      row++
      if (fields.length === 0) {
        blank ||= row
        continue
      }
      if (blank > 0) throw new DataError({ file: path, row: blank }, 'is blank, and rows follow it')
      if (row === 1) header = fields
      yield { fields, row, end }
    }
  }
}

/**
 * Has fast-csv parse one line at a time, so that an error is known to belong to that line. It gives no row for a line
 * in which a quote stays open.
 */
async function lineParser(delimiter: string): Promise<(line: Buffer) => Promise<string[][]>> {
  // Loaded here, since it takes a tenth of a program's start and not every program reads CSV.
  const { parse } = await import('fast-csv')
  let rows: string[][] = []
  const parser = parse<string[], string[]>({ headers: false, delimiter })
  parser.on('data', (fields: string[]) => rows.push(fields))
  // `write` hands the same error to its callback.
  parser.on('error', () => {})
  return line => {
    rows = []
    return new Promise((resolve, reject) => {
      parser.write(line, error => (error ? reject(error) : resolve(rows)))
    })
  }
}
