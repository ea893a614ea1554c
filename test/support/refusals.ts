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
