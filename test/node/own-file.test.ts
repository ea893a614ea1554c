import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { orphans, ownFile } from '../../src/node/own-file.ts'
import { tempFolder } from '../support/temp-folder.ts'

test('orphans are the files of one base whose process has ended', async () => {
  const folder = tempFolder()
  const base = join(folder, 'a.tmp')
  expect(ownFile(base)).not.toBe(ownFile(base))
  const own = ownFile(base)
  // No system gives such a high PID.
  const left = own.replace(`.${process.pid}-`, '.999999999-')
  const others = [
    'a.tmp',
    'a.tmp.999999999',
    'a.tmp.x999999999-0',
    'b.tmp.999999999-0',
    'a.tmp.999999999-0.txt',
  ]
  for (const path of [own, left, ...others.map(name => join(folder, name))]) writeFileSync(path, '')
  expect(await orphans(base)).toEqual([left])
})

test('a file with the PID of this process is an orphan where it is older than the process', async () => {
  const base = join(tempFolder(), 'a.tmp')
  const [now, before] = [ownFile(base), ownFile(base)]
  for (const path of [now, before]) writeFileSync(path, '')
  utimesSync(before, 0, 0)
  expect(await orphans(base)).toEqual([before])
})
