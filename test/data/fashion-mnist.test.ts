import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { classNames, officialFiles } from '../../src/data/fashion-mnist.ts'

const official = fileURLToPath(new URL('../../../shared/fashion-mnist/', import.meta.url))
const missing = existsSync(official) ? '' : ' (skipped: no ../shared/fashion-mnist)'

describe('Fashion-MNIST', () => {
  test('has its ten classes in the order of the labels', () => {
    expect(classNames.join(', ')).toBe(
      'T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot',
    )
  })

  const files = [...Object.values(officialFiles.train), ...Object.values(officialFiles.test)]
  test.skipIf(missing !== '').each(files)(
    `$name has its MD5 and length${missing}`,
    ({ name, md5, bytes }) => {
      const content = readFileSync(official + name)
      expect(content.length).toBe(bytes)
      expect(createHash('md5').update(content).digest('hex')).toBe(md5)
    },
  )
})
