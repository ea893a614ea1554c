import { utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFile, ownFiles } from '../../../src/node/files/own-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('finds the files of one base, orphans being those whose process has ended', async () => {
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
  const found = (await ownFiles(base)).sort((a, b) => a.pid - b.pid)
  expect(found).toEqual([
    { path: own, pid: process.pid, isOrphan: false },
    { path: left, pid: 999_999_999, isOrphan: true },
  ])
})

test('a file with the PID of this process is an orphan where it is older than the process', async () => {
  const base = join(tempFolder(), 'a.tmp')
  const [now, before] = [ownFile(base), ownFile(base)]
  for (const path of [now, before]) writeFileSync(path, '')
  utimesSync(before, 0, 0)
  const orphans = (await ownFiles(base)).filter(({ isOrphan }) => isOrphan)
  expect(orphans.map(({ path }) => path)).toEqual([before])
})

test('finds the files of a base with a long name, which theirs are too short to have', async () => {
  const folder = tempFolder()
  const long = join(folder, `${'ä'.repeat(125)}.tmp`)
  const longer = join(folder, `${'ä'.repeat(126)}.tmp`)
  const path = ownFile(long)
  expect(Buffer.byteLength(basename(path))).toBeLessThan(140)
  for (const file of [path, ownFile(longer)]) writeFileSync(file, '')
  expect(await ownFiles(long)).toEqual([{ path, pid: process.pid, isOrphan: false }])
})
