import { stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataError } from '../errors.ts'
import type { Callback, FitParams } from '../model/callbacks/callback.ts'
import type { Logs } from '../model/logs.ts'
import { checkOptions, delimiter, filePath, flag } from '../options.ts'
import { snakeCase } from '../text/snake-case.ts'
import { appendToFile } from './append-to-file.ts'
import { csvRows } from './csv-rows.ts'
import { makeFolder } from './make-folder.ts'
import { openFile } from './open-file.ts'

/** Options of {@link CSVLogger}. */
export interface CSVLoggerOptions {
  /** The character between fields. Default ','. */
  readonly separator?: string
  /** Whether a file that is there is continued under its header, instead of begun afresh. Default false. */
  readonly append?: boolean
}

/**
 * Writes the numbers of each epoch to a CSV file, a row as each epoch ends: `epoch`, counted from 0, then loss, metrics
 * and what other callbacks in front of it add, sorted by name and spelt as Keras does (`val_loss`), in full precision.
 *
 * The first epoch decides which columns there are. A name that comes later is dropped, and a number that is missing later
 * is `NA`. With `append` the header of the file decides; it must have all that this run is going to write. Folders are
 * made where they are missing.
 *
 * Source: Keras 3, `CSVLogger`.
 *
 * @throws OptionError for a bad option
 * @throws DataError from `fit` before its first step where the file cannot be written, or its header does not fit
 * @example
 * await model.fit(x, y, { epochs: 5, callbacks: [new CSVLogger('run/log.csv')] })
 * // epoch,accuracy,loss
 * // 0,0.6673958333333333,0.9068…
 */
export class CSVLogger implements Callback {
  readonly file: string
  readonly separator: string
  readonly append: boolean
  #columns: readonly string[] = []
  /** Whether the file has a header alone, which can still be another one. */
  #isFresh = false

  constructor(file: string, options: CSVLoggerOptions = {}) {
    checkOptions('CSVLogger', options, ['separator', 'append'])
    const { separator = ',', append = false } = options
    this.file = filePath('CSVLogger', 'file', file)
    this.separator = delimiter('CSVLogger', 'separator', separator)
    this.append = flag('CSVLogger', 'append', append)
  }

  async onTrainBegin({ names }: FitParams): Promise<void> {
    const columns = columnsOf(names.map(snakeCase))
    const stats = await stat(this.file).catch(() => null) // Where there is nothing to see, writing says why.
    if (stats && !stats.isFile()) {
      throw new DataError({ file: this.file }, 'is a folder, a pipe or a device, expected a file')
    }
    const header = this.append && stats?.size ? await this.#header() : null
    if (header) await this.#continue(header, columns)
    else await this.#begin(columns)
  }

  async onEpochEnd(epoch: number, logs: Readonly<Logs>): Promise<void> {
    const numbers = new Map(Object.entries(logs).map(([name, value]) => [snakeCase(name), value]))
    const columns = columnsOf([...numbers.keys()])
    if (this.#isFresh && columns.some(column => !this.#columns.includes(column))) await this.#begin(columns)
    this.#isFresh = false
    numbers.set('epoch', epoch)
    await appendToFile(this.file, await this.#line(this.#columns.map(column => numbers.get(column) ?? 'NA')))
  }

  /** Writes the header before training, which shows that the file can be written. */
  async #begin(columns: readonly string[]): Promise<void> {
    this.#columns = columns
    this.#isFresh = true
    const line = await this.#line(columns)
    try {
      await makeFolder(dirname(this.file))
      await writeFile(this.file, line)
    } catch (cause) {
      throw new DataError({ file: this.file }, `cannot be written (${(cause as Error).message})`, { cause })
    }
  }

  /** Goes on under the header of an earlier run. */
  async #continue({ fields, endsLine }: Header, columns: readonly string[]): Promise<void> {
    const missing = columns.filter(column => !fields.includes(column))
    if (missing.length > 0) {
      const found = `its header is ${fields.join(this.separator)}, without ${missing.join(' and ')}`
      throw new DataError({ file: this.file, row: 1 }, `cannot be continued: ${found}, which this run writes`)
    }
    this.#columns = fields
    this.#isFresh = false
    await appendToFile(this.file, endsLine ? '' : '\n')
  }

  async #header(): Promise<Header | null> {
    const file = await openFile(this.file)
    try {
      const { size } = await file.stat()
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
      for await (const { fields } of csvRows(file, this.file, this.separator, () => {})) {
        return { fields, endsLine: buffer.toString() === '\n' }
      }
      return null
    } finally {
      await file.close()
    }
  }

  async #line(fields: readonly (string | number)[]): Promise<string> {
    // Loaded when a run writes a CSV file, as where one is read.
    const { writeToString } = await import('fast-csv')
    return writeToString([[...fields]], { delimiter: this.separator, includeEndRowDelimiter: true })
  }
}

/** The first line of a file, and whether its last one is complete. */
interface Header {
  readonly fields: readonly string[]
  readonly endsLine: boolean
}

const columnsOf = (names: readonly string[]): string[] => ['epoch', ...[...names].sort()]
