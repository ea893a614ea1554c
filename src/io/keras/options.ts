import type { Config, Json } from '../../config.ts'
import type { Problems } from '../problems.ts'
import { isJsonObject } from '../strict-json.ts'

/** What helps where training alone would be another. */
export const WITHOUT = 'compile: false loads the model without it'

/**
 * The options of one part of a model, as Keras writes them, read one by one. What is not as expected becomes a problem,
 * and so does, in the end, what nobody has asked for.
 */
export class Options {
  /** Who has them, for messages: `layer dense_1`. */
  readonly owner: string
  readonly #config: Config
  readonly #problems: Problems
  readonly #trains: boolean
  readonly #unread: Set<string>
  #failed = false

  /** @param trains whether what matters while training alone must be as in Keras, too */
  constructor(owner: string, config: Json | undefined, problems: Problems, trains: boolean) {
    this.owner = owner
    this.#problems = problems
    this.#trains = trains
    const isGood = isJsonObject(config)
    if (!isGood) this.fail(`its config is ${showJson(config)}, expected an object`)
    this.#config = isGood ? config : {}
    this.#unread = new Set(Object.keys(this.#config))
  }

  /** Whether something is wrong with them. */
  get failed(): boolean {
    return this.#failed
  }

  /** An option as it is; undefined where there is none. */
  get(key: string): Json | undefined {
    this.#unread.delete(key)
    return Object.hasOwn(this.#config, key) ? this.#config[key] : undefined
  }

  /** An option that the library has under another name, and checks itself. */
  value(key: string, missing: Json | undefined = undefined): Json {
    const found = this.get(key) ?? missing
    if (found !== undefined) return found
    this.fail(`${key} is missing`)
    return null
  }

  /** An option that the library lacks: it must be absent, or have the value that does nothing. */
  only(key: string, ...neutral: readonly Json[]): void {
    this.#only(key, neutral, '')
  }

  /** The same for what matters while training alone. */
  onlyToTrain(key: string, ...neutral: readonly Json[]): void {
    if (this.#trains) this.#only(key, neutral, `; ${WITHOUT}`)
    else this.skip(key)
  }

  /** Options that change nothing that a model computes. */
  skip(...keys: readonly string[]): void {
    for (const key of keys) this.#unread.delete(key)
  }

  /** Adds a problem for each option that is left and says something. */
  end(): void {
    for (const key of this.#unread) {
      const value = this.#config[key]
      if (value !== null && value !== false) this.fail(`${key} is ${showJson(value)}, and is not known here`)
    }
  }

  fail(problem: string): void {
    this.#failed = true
    this.#problems.add(`${this.owner}: ${problem}`)
  }

  #only(key: string, neutral: readonly Json[], hint: string): void {
    const value = this.get(key) ?? null
    const allowed = [null, ...neutral].map(showJson)
    if (allowed.includes(showJson(value))) return
    const expected = allowed.slice(neutral.length > 0 ? 1 : 0).join(' or ')
    this.fail(`${key} is ${showJson(value)}, which is not supported here, expected ${expected}${hint}`)
  }
}

/** A value of a config for a message: `[2,2]`, `{"class_name":"L2",…`. */
export function showJson(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
