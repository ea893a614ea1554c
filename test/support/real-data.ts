import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

/** Where the tests look for Fashion-MNIST, with a slash at the end. */
export const realData = process.env.FASHION_MNIST_DIR
  ? join(process.env.FASHION_MNIST_DIR, '/')
  : fileURLToPath(new URL('../../../shared/fashion-mnist/', import.meta.url))

/**
 * A test on the real images, skipped with a word where they are absent.
 *
 * @param file what of them it reads
 */
export function testWithRealData(name: string, file: string, run: () => void | Promise<void>): void {
  const isThere = existsSync(realData + file)
  test.skipIf(!isThere)(isThere ? name : `${name} (skipped: no ${realData}${file})`, run)
}

/** Whether all of the official files are there. */
export const hasRealData = [
  'train-images-idx3',
  'train-labels-idx1',
  't10k-images-idx3',
  't10k-labels-idx1',
].every(name => existsSync(`${realData}${name}-ubyte.gz`))
