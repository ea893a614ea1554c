import { ConvnetError, firstOf, MAX_LISTED, MemoryError, ModelFileError, ResumeError } from '../errors.ts'

/** Gathers what is wrong with a file, so that one error tells all of it. */
export class Problems {
  readonly #file: string
  readonly #listed: string[] = []
  #count = 0

  /** @param file its path, or the name of the function that was given its bytes */
  constructor(file: string) {
    this.#file = file
  }

  add(problem: string): void {
    this.#count++
    if (this.#listed.length < MAX_LISTED) this.#listed.push(problem)
  }

  /** @throws ModelFileError where something was added */
  throwIfAny(): void {
    if (this.#count > 0) throw new ModelFileError(this.#file, firstOf(this.#listed, this.#count))
  }

  /** Runs what may refuse what the file says: that is wrong with the file, then. */
  attempt<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof ConvnetError) || error instanceof MemoryError) throw error
      const problems = error instanceof ResumeError ? error.differences : [error.message]
      throw new ModelFileError(this.#file, problems, { cause: error })
    }
  }

  /** For what makes it useless to look further. */
  fail(problem: string, options?: ErrorOptions): never {
    throw new ModelFileError(this.#file, [problem], options)
  }
}
