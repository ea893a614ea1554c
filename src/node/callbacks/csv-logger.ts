import { appendFile, stat, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataError } from '../../errors.ts'
import type { Callback, FitParams } from '../../model/callbacks/callback.ts'
import type { Logs } from '../../model/logs.ts'
import { checkOptions, delimiter, filePath, flag } from '../../options.ts'
import { snakeCase } from '../../text/snake-case.ts'
import { appendToFile } from '../files/append-to-file.ts'
import { makeFolder } from '../files/make-folder.ts'
import { type CsvLog, readCsvLog } from './csv-log.ts'

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
 * is `NA`. With `append` the header of the file decides; it must have all that this run is going to write. A last row that
 * a killed run has left without the end of its line is dropped.
 *
 * A `fit` that is resumed goes on in the file of the one that it resumes, also without `append`: rows of that run from the
 * epoch on that comes next are dropped, so that none is there twice.
 *
 * What is in the file changes when the first epoch ends, and not where training fails before. Folders are made where they
 * are missing.
 *
 * Source: Keras 3, `CSVLogger`, which begins afresh where it is not to append.
 *
 * @throws OptionError for a bad option
 * @throws DataError from `fit` before its first step where the file cannot be written, or its header does not fit
 * @example
 * await model.fit(x, y, { epochs: 5, callbacks: [new CSVLogger('run/log.csv')] })
 * // epoch,accuracy,loss
 * // 0,0.6673958333333333,0.9068…
 */
export class CSVLogger implements Callback {
  readonly #file: string
  readonly #separator: string
  readonly #append: boolean
  /** What is continued; null where the file is begun afresh. */
  #log: CsvLog | null = null
  /** Null before this run's first row. */
  #columns: readonly string[] | null = null

  constructor(file: string, options: CSVLoggerOptions = {}) {
    checkOptions('CSVLogger', options, ['separator', 'append'])
    const { separator = ',', append = false } = options
    this.#file = filePath('CSVLogger', 'file', file)
    this.#separator = delimiter('CSVLogger', 'separator', separator)
    this.#append = flag('CSVLogger', 'append', append)
  }

  async onTrainBegin({ names, steps, resumedAt }: FitParams): Promise<void> {
    this.#columns = null
    this.#log = null
    const stats = await stat(this.#file).catch(() => null) // Where there is nothing to see, writing says why.
    if (stats && !stats.isFile()) {
      throw new DataError({ file: this.#file }, 'is a folder, a pipe or a device, expected a file')
    }
    // Before the end of its first epoch a run has no row yet: those that are there are of others.
    const hasRows = resumedAt !== undefined && (resumedAt.epoch > 0 || resumedAt.batch === steps)
    if (stats && (this.#append || hasRows)) {
      this.#log = await readCsvLog(this.#file, this.#separator, hasRows ? resumedAt.epoch : null)
    }
    const columns = columnsOf(names.map(snakeCase))
    if (this.#log) this.#checkColumns(this.#log, columns)
    await this.#checkWritable(stats?.size ? '' : await this.#line(columns))
  }

  async onEpochEnd(epoch: number, logs: Readonly<Logs>): Promise<void> {
    const numbers = new Map(Object.entries(logs).map(([name, value]) => [snakeCase(name), value]))
    const begins = this.#columns === null
    this.#columns ??= this.#log?.columns ?? columnsOf([...numbers.keys()])
    numbers.set('epoch', epoch)
    const row = await this.#line(this.#columns.map(column => numbers.get(column) ?? 'NA'))
    const before = begins ? await this.#begin(this.#columns) : ''
    await appendToFile(this.#file, before + row)
  }

  /** Cuts off what does not stay, and gives what belongs in front of the first row. */
  async #begin(columns: readonly string[]): Promise<string> {
    const { end, hasMore, endsLine } = this.#log ?? { end: 0, hasMore: true, endsLine: true }
    if (hasMore) {
      await truncate(this.#file, end).catch(cause => {
        throw cannotWrite(this.#file, cause)
      })
    }
    if (!this.#log) return this.#line(columns)
    return endsLine ? '' : '\n'
  }

  /** An empty file gets a header, which takes space on the disk as rows do; the first row may still change it. */
  async #checkWritable(header: string): Promise<void> {
    try {
      await makeFolder(dirname(this.#file))
      await appendFile(this.#file, header)
    } catch (cause) {
      throw cannotWrite(this.#file, cause as Error)
    }
  }

  #checkColumns({ columns }: CsvLog, needed: readonly string[]): void {
    const missing = needed.filter(column => !columns.includes(column))
    if (missing.length === 0) return
    const found = `its header is ${columns.join(this.#separator)}, without ${missing.join(' and ')}`
    throw new DataError({ file: this.#file, row: 1 }, `cannot be continued: ${found}, which this run writes`)
  }

  async #line(fields: readonly (string | number)[]): Promise<string> {
    // Loaded when a run writes a CSV file, as where one is read.
    const { writeToString } = await import('fast-csv')
    return writeToString([[...fields]], { delimiter: this.#separator, includeEndRowDelimiter: true })
  }
}

const columnsOf = (names: readonly string[]): string[] => ['epoch', ...[...names].sort()]

const cannotWrite = (file: string, cause: Error): DataError =>
  new DataError({ file }, `cannot be written (${cause.message})`, { cause })
