import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConvnetError, ModelFileError } from '../../../src/errors.ts'
import { Problems } from '../../../src/io/problems.ts'
import { openHdf5 } from '../../../src/node/keras/open-hdf5.ts'
import { goldenFile } from '../../support/keras-models.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const problems = () => new Problems('a.h5')

describe('openHdf5', () => {
  afterEach(() => {
    vi.doUnmock('node:module')
    vi.useRealTimers()
  })

  test('tells what a file has, and reads it', async () => {
    const file = await openHdf5(goldenFile('keras2-notebook.h5'), problems())
    expect(file.objects.get('')!.attributes.get('keras_version')).toBe('2.3.1')
    const weights = file.objects.get('model_weights/dense_2')!
    expect(weights.attributes.get('weight_names')).toEqual(['dense_2/kernel:0', 'dense_2/bias:0'])
    const path = 'model_weights/dense_2/dense_2/kernel:0'
    expect(file.objects.get(path)!.dataset).toEqual({ shape: [5, 4], dtype: '<f4' })
    const [kernel] = await file.read([path])
    expect(kernel).toBeInstanceOf(Float32Array)
    expect(kernel).toHaveLength(20)
    expect(new Set(kernel).size).toBe(20)
    const bytes = Buffer.from(goldenFile('keras2-notebook.h5'))
    expect(bytes.includes(Buffer.from(kernel.buffer, kernel.byteOffset, kernel.byteLength))).toBe(true)
    file.close()
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['a text', new TextEncoder().encode('a text that is long enough to be a file')],
    ['its first bytes alone', goldenFile('keras2-notebook.h5').slice(0, 8)],
    ['half of it', goldenFile('keras2-notebook.h5').slice(0, 9000)],
  ])('refuses %s', async (_what, bytes) => {
    await expect(openHdf5(bytes, problems())).rejects.toThrow(ModelFileError)
  })

  test('says what to install where the package is missing', async () => {
    const open = await openWith(() => {
      throw new Error('not found')
    })
    const error = await open(goldenFile('keras2-notebook.h5'), problems()).catch((thrown: unknown) => thrown)
    expect((error as Error).constructor.name).toBe(ConvnetError.name)
    expect((error as Error).message).toContain('npm install jsfive')
  })

  test('stops a reader that a file sends round in circles', async () => {
    const open = await openWith(reader('for (;;) {}'))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const refusal = open(goldenFile('keras2-notebook.h5'), problems()).catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(await Promise.race([refusal, 'waiting'])).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2000)
    expect(await refusal).toBe(
      'a.h5: is no HDF5 file that can be read: reading it takes longer than 30 seconds',
    )
  })

  test('stops a reader that a file has fill the memory', async () => {
    const refusal = await openByReader('const all = []; for (;;) all.push([..."many".repeat(1e6)])')
    expect(refusal).toBe(
      'a.h5: is no HDF5 file that can be read: reading it takes too much memory, or ends the process that does',
    )
  })

  test('tells what a reader throws, be it a text, and when its thread ends', async () => {
    expect(await openByReader('throw "no such version"')).toContain('can be read: no such version')
    expect(await openByReader('process.exit(0)')).toContain('can be read: reading it takes too much memory')
  })

  test('goes through no more groups than a model can have', async () => {
    const group = 'this.attrs = {}; this.keys = ["a", "b"]; this.get = () => new exports.Group();'
    expect(await openByReader('return new exports.Group()', group)).toMatch(
      /its groups lie more than 20 deep$/,
    )
  })
})

/** `openHdf5` in a process that finds the package by this function. */
async function openWith(resolve: () => string): Promise<typeof openHdf5> {
  vi.resetModules()
  vi.doMock('node:module', () => ({ createRequire: () => ({ resolve }) }))
  const mocked = await import('../../../src/node/keras/open-hdf5.ts')
  return mocked.openHdf5
}

/** Finds a package in whose place this reads files. */
function reader(body: string, group = ''): () => string {
  const path = join(tempFolder(), 'reader.cjs')
  writeFileSync(path, `exports.File = function () { ${body} }\nexports.Group = function () { ${group} }`)
  return () => path
}

/** What the error says where this reads files. */
async function openByReader(body: string, group = ''): Promise<string> {
  const open = await openWith(reader(body, group))
  return open(goldenFile('keras2-notebook.h5'), problems()).then(
    () => 'opened',
    (error: Error) => error.message,
  )
}
