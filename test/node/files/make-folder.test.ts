import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../../../src/node/files/make-folder.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('makeFolder', () => {
  test('makes a folder and those above it, many at a time', async () => {
    const path = join(tempFolder(), 'a', 'b', 'c')
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)))
    expect(statSync(path).isDirectory()).toBe(true)
    await makeFolder(path)
  })

  test('throws where a file is in the way', async () => {
    const file = join(tempFolder(), 'file')
    writeFileSync(file, '')
    await expect(makeFolder(join(file, 'a', 'b'))).rejects.toThrow(/E(NOTDIR|NOENT)/)
  })

  test.skipIf(!existsSync('/proc/self'))('throws under /proc, where there can be none', async () => {
    await expect(makeFolder('/proc/nowhere/deep')).rejects.toThrow('ENOENT')
  })
})
