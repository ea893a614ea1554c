import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConvnetError, random, readCsv } from 'convnet-ts'
import { expect, test } from 'vitest'
import { mutated } from '../../support/mutations.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('each of 1000 damaged CSV files is read or refused', async () => {
  const text = 'label,pixel1,"pixel2"\r\n9,0,255\r\n0,"17",3\r\n7,254,1\r\n'
  const file = join(tempFolder(), 'damaged.csv')
  const next = random(3, 'mutations')
  let good = 0
  for (let i = 0; i < 1000; i++) {
    writeFileSync(file, mutated(new TextEncoder().encode(text), next))
    try {
      const { values, columns } = await readCsv(file, { cache: false })
      expect(values.shape[1]).toBe(columns.length)
      good++
    } catch (error) {
      if (!(error instanceof ConvnetError)) throw new Error(`file ${i}: ${error}`, { cause: error })
    }
  }
  expect(good).toBeGreaterThan(10)
  expect(good).toBeLessThan(500)
})
