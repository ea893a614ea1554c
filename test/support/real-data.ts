import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

/** Where the tests look for Fashion-MNIST, with a slash at the end. */
export const realData = fileURLToPath(new URL('../../../shared/fashion-mnist/', import.meta.url))

/**
 * A test on the real images, skipped with a word where they are absent.
 *
 * @param file what of them it reads
 */
export function testWithRealData(name: string, file: string, run: () => void | Promise<void>): void {
  const isThere = existsSync(realData + file)
  test.skipIf(!isThere)(isThere ? name : `${name} (skipped: no ../shared/fashion-mnist/${file})`, run)
}
