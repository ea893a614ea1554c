import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyNoFolder } from '../../../src/node/files/why-no-folder.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('says what is missing or in the way, the topmost of it', async () => {
  const folder = tempFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('file'), '')
  symlinkSync('gone', path('link'))
  symlinkSync('.', path('same'))
  expect(await whyNoFolder(folder)).toBeNull()
  expect(await whyNoFolder(path('same'))).toBeNull()
  expect(await whyNoFolder(path('a'))).toBe(`there is no folder ${path('a')}`)
  expect(await whyNoFolder(path('a/b/c'))).toBe(`there is no folder ${path('a')}`)
  expect(await whyNoFolder(path('file'))).toBe(`${path('file')} is no folder`)
  expect(await whyNoFolder(path('file/a/b'))).toBe(`${path('file')} is no folder`)
  expect(await whyNoFolder(path('link'))).toBe(`${path('link')} is a link to gone, where there is no folder`)
  expect(await whyNoFolder(path('link/a'))).toBe(
    `${path('link')} is a link to gone, where there is no folder`,
  )
})
