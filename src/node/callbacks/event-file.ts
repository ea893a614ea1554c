import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DataError } from '../../errors.ts'
import { summaryEvent, versionEvent } from '../../io/tensor-board/event.ts'
import { histogram, image, type Summary, scalar } from '../../io/tensor-board/summary.ts'
import { tfRecord } from '../../io/tensor-board/tf-record.ts'
import { appendToFile } from '../files/append-to-file.ts'
import { makeFolder } from '../files/make-folder.ts'

/** Files made so far, so that no two of a process have the same name. */
let made = 0

/**
 * A file of events in a folder that TensorBoard reads. Events wait in memory for `flush`, which adds them to the file in
 * one piece: a killed process leaves whole records, and a torn one behind them at worst, which TensorBoard lets pass.
 *
 * @example
 * const file = await EventFile.create('logs/train')
 * file.addScalar('epoch_loss', 0.9068, 0)
 * await file.flush()
 */
export class EventFile {
  readonly path: string
  #waiting: Uint8Array[] = []

  private constructor(path: string) {
    this.path = path
  }

  /**
   * Makes a new file, whatever there is in the folder already, and the folder where it is missing.
   * @throws DataError naming the folder where that fails
   */
  static async create(folder: string): Promise<EventFile> {
    const now = Date.now() / 1000
    try {
      await makeFolder(folder)
      for (;;) {
        const name = ['events.out.tfevents', Math.floor(now), hostname(), process.pid, made++, 'v2'].join('.')
        const path = join(folder, name)
        if (await createFile(path, tfRecord(versionEvent(now)))) return new EventFile(path)
      }
    } catch (cause) {
      throw new DataError({ file: folder }, `cannot take event files (${(cause as Error).message})`, {
        cause,
      })
    }
  }

  /** Adds a number at a step. */
  addScalar(tag: string, value: number, step: number): void {
    this.#add(step, scalar(tag, value))
  }

  /** Adds how numbers are distributed at a step. */
  addHistogram(tag: string, values: ArrayLike<number>, step: number): void {
    this.#add(step, histogram(tag, values))
  }

  /** Adds an image, a PNG file, at a step. */
  addImage(tag: string, png: Uint8Array, step: number): void {
    this.#add(step, image(tag, png))
  }

  /**
   * Writes what waits.
   * @throws DataError where the file is gone or cannot be written; what has waited is lost then
   */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return
    const records = Buffer.concat(this.#waiting)
    this.#waiting = []
    await appendToFile(this.path, records)
  }

  #add(step: number, summary: Summary): void {
    this.#waiting.push(tfRecord(summaryEvent(Date.now() / 1000, step, summary)))
  }
}

/** Whether there was no such file yet: threads of a process count by themselves, and may come to the same name. */
async function createFile(path: string, content: Uint8Array): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
