import { writeFileSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { DataError } from '../../../src/errors.ts'
import * as openFile from '../../../src/node/files/open-file.ts'
import { readBytes } from '../../../src/node/files/read-bytes.ts'
import { expectSameBits } from '../../support/compare.ts'
import { tempFolder } from '../../support/temp-folder.ts'

vi.mock('../../../src/node/files/open-file.ts', { spy: true })

test('reads a whole file, empty ones too', async () => {
  const file = join(tempFolder(), 'file')
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => i * i)
  writeFileSync(file, content)
  expectSameBits(await readBytes(file), content)
  writeFileSync(file, '')
  expect(await readBytes(file)).toHaveLength(0)
})

test('says where a file is larger than any array can be', async () => {
  const close = vi.fn()
  const stat = async () => ({ size: 2 ** 53 })
  vi.mocked(openFile.openFile).mockResolvedValueOnce({ stat, close } as unknown as FileHandle)
  const error = await readBytes('huge.safetensors').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DataError)
  expect((error as DataError).message).toBe(
    'huge.safetensors: cannot be read (it has 9007199254.7 MB, more than memory can be had for in one piece)',
  )
  expect(close).toHaveBeenCalledOnce()
})
