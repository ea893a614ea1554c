import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { classNames, officialFiles } from '../../src/data/fashion-mnist.ts'
import { realData, testWithRealData } from '../support/real-data.ts'

describe('Fashion-MNIST', () => {
  test('has its ten classes in the order of the labels', () => {
    expect(classNames.join(', ')).toBe(
      'T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot',
    )
  })

  const files = [...Object.values(officialFiles.train), ...Object.values(officialFiles.test)]
  for (const { name, md5, bytes } of files) {
    testWithRealData(`${name} has its MD5 and length`, name, () => {
      const content = readFileSync(realData + name)
      expect(content.length).toBe(bytes)
      expect(createHash('md5').update(content).digest('hex')).toBe(md5)
    })
  }
})
