import { expect } from 'vitest'
import { OptionError } from '../../src/errors.ts'

/** Throws unless a constructor refuses an option with an OptionError that names owner and option, and says this. */
export function expectRefusal(make: () => unknown, owner: string, option: string, message: string): void {
  let refusal: unknown
  try {
    make()
  } catch (error) {
    refusal = error
  }
  expect(refusal).toBeInstanceOf(OptionError)
  expect(refusal).toMatchObject({ owner, option })
  expect((refusal as OptionError).message).toContain(message)
}

/** The least that a refusal asks for: `expected at least 320, …`. Throws where there is none. */
export function leastOf(make: () => unknown): number {
  let refusal = 'no refusal'
  try {
    make()
  } catch (error) {
    refusal = String(error)
  }
  expect(refusal).toMatch(/expected at least \d+/)
  return Number(/expected at least (\d+)/.exec(refusal)![1])
}
