import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FashionMnist } from '../../../src/data/fashion-mnist.ts'
import { garments } from '../../../src/data/garments.ts'
import { DataError, OptionError } from '../../../src/errors.ts'
import { fashionMnist } from '../../../src/node/fashion-mnist/load-fashion-mnist.ts'
import { type FileServer, serve } from '../../support/file-server.ts'
import { idxBytes, pixelOf, someImages, writeSmallSet } from '../../support/idx-files.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'

vi.mock('../../../src/data/garments.ts', { spy: true })

const home = process.cwd()
const { FASHION_MNIST_DIR } = process.env
let folder: string
let said: string[]
let server: FileServer | undefined
const say = (message: string) => void said.push(message)

/** Each test stands in an empty folder of its own, where nothing of the machine's own data is found. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-'))
  mkdirSync(join(folder, 'here'))
  process.chdir(join(folder, 'here'))
  delete process.env.FASHION_MNIST_DIR
  said = []
})
afterEach(async () => {
  process.chdir(home)
  if (FASHION_MNIST_DIR === undefined) delete process.env.FASHION_MNIST_DIR
  else process.env.FASHION_MNIST_DIR = FASHION_MNIST_DIR
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true })
})

function expectSmallSet({ train, test }: FashionMnist): void {
  expect(train.labels).toEqual(Uint8Array.of(9, 0, 7))
  expect(test.labels).toEqual(Uint8Array.of(4, 1))
  expect(train.images.shape).toEqual([3, 28, 28, 1])
  expect(test.images.shape).toEqual([2, 28, 28, 1])
  expect(train.images.get(2, 3, 4, 0)).toBe(pixelOf(2, 3 * 28 + 4))
  expect(test.images.get(1, 27, 27, 0)).toBe(pixelOf(1, 783))
}

function writeCsv(path: string, labels: readonly number[]): void {
  const pixels = Array.from({ length: 784 }, (_, p) => p)
  const lines = [
    ['label', ...pixels.map(p => `pixel${p + 1}`)],
    ...labels.map((label, i) => [label, ...pixels.map(p => pixelOf(i, p))]),
  ]
  writeFileSync(path, lines.map(line => `${line.join()}\n`).join(''))
}

/** Has the next drawings be a few only, where it is not they that are tested: all take seconds. */
function drawFew(): void {
  vi.mocked(garments).mockReturnValueOnce(garments({ train: 10, test: 10 }))
}

async function failure(promise: Promise<unknown>): Promise<DataError> {
  const error = await promise.then(
    () => new Error('loaded without an error'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DataError)
  return error as DataError
}

describe('fashionMnist with a folder', () => {
  test.each([
    ['under their own names', (name: string) => name],
    ['with a .gz name on plain data', (name: string) => `${name}.gz`],
    ['with dots', (name: string) => name.replace('-idx', '.idx')],
  ])('reads official files %s', async (_, rename) => {
    writeSmallSet('set', rename)
    const data = await fashionMnist({ dir: 'set', say })
    expectSmallSet(data)
    expect(data.kind).toBe('idx')
    expect(data.source).toBe('official IDX files in set')
    expect(data.classNames).toHaveLength(10)
    expect(said).toEqual([])
  })

  test('reads gzipped files', async () => {
    writeSmallSet('set')
    writeFileSync('set/t10k-labels-idx1-ubyte.gz', gzipSync(idxBytes([2], [4, 1])))
    rmSync('set/t10k-labels-idx1-ubyte')
    expectSmallSet(await fashionMnist({ dir: 'set' }))
  })

  test('reads Kaggle’s files, with progress', async () => {
    mkdirSync('kaggle')
    writeCsv('kaggle/fashion-mnist_train.csv', [9, 0, 7])
    writeCsv('kaggle/fashion-mnist_test.csv', [4, 1])
    const progress = new Map<string, number>()
    const onProgress = (label: string, done: number, total: number) => progress.set(label, done / total)
    const data = await fashionMnist({ dir: 'kaggle', onProgress })
    expectSmallSet(data)
    expect([data.kind, data.source]).toEqual(['csv', "Kaggle's CSV files in kaggle"])
    expect([...progress]).toEqual([
      ['Reading fashion-mnist_train.csv', 1],
      ['Reading fashion-mnist_test.csv', 1],
    ])
  })

  test('looks nowhere else, and says what it expected', async () => {
    writeSmallSet('data/fashion-mnist')
    mkdirSync('empty')
    const nothing = await failure(fashionMnist({ dir: 'empty' }))
    expect(nothing.message).toBe(
      'empty: no Fashion-MNIST found, expected fashion-mnist_train.csv and fashion-mnist_test.csv, or ' +
        'train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, ' +
        't10k-labels-idx1-ubyte.gz (the latter also without .gz)',
    )
    writeSmallSet('some')
    rmSync('some/train-labels-idx1-ubyte')
    expect((await failure(fashionMnist({ dir: 'some' }))).message).toContain(
      'some: only train-images-idx3-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte found, expected',
    )
  })

  test.each([
    [
      'counts that differ',
      't10k-labels-idx1-ubyte',
      idxBytes([3], [1, 2, 3]),
      'labels-idx1-ubyte: 3 labels, expected 2',
    ],
    [
      'a label above 9',
      'train-labels-idx1-ubyte',
      idxBytes([3], [1, 200, 3]),
      'byte 9: the label of image 1 is 200',
    ],
    ['other images', 'train-images-idx3-ubyte', idxBytes([3, 1, 1], [1, 2, 3]), 'expected images of 28×28'],
    [
      'a truncated file',
      'train-images-idx3-ubyte',
      someImages(3).subarray(0, 500),
      'the file ends after 500 bytes',
    ],
  ])('refuses %s', async (_, name, bytes, message) => {
    writeSmallSet('set')
    writeFileSync(join('set', name), bytes)
    expect((await failure(fashionMnist({ dir: 'set' }))).message).toContain(message)
  })

  test('names file, row and column of a bad CSV', async () => {
    mkdirSync('kaggle')
    writeCsv('kaggle/fashion-mnist_train.csv', [9, 0, 10])
    writeCsv('kaggle/fashion-mnist_test.csv', [4, 1])
    const { message, place } = await failure(fashionMnist({ dir: 'kaggle' }))
    expect(place).toEqual({ file: join('kaggle', 'fashion-mnist_train.csv'), row: 4, column: 'label' })
    expect(message).toContain('the label is 10, expected 0 to 9')
  })

  test('stops when told to', async () => {
    writeSmallSet('set')
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fashionMnist({ dir: 'set', signal })).rejects.toThrow('enough')
  })

  test('refuses options that do not exist', async () => {
    await expect(fashionMnist({ folder: 'set' } as object)).rejects.toThrow(OptionError)
    await expect(fashionMnist({ dir: 5 } as object)).rejects.toThrow('dir is 5, expected a path, as a string')
    await expect(fashionMnist({ cacheDir: null } as object)).rejects.toThrow(
      'cacheDir is null, expected a path',
    )
    await expect(fashionMnist({ download: 'no' } as object)).rejects.toThrow(
      'download is "no", expected true or false',
    )
  })
})

describe('fashionMnist without a folder', () => {
  test('takes $FASHION_MNIST_DIR before all others', async () => {
    writeSmallSet('named')
    writeSmallSet('data/fashion-mnist')
    process.env.FASHION_MNIST_DIR = 'named'
    expect((await fashionMnist()).source).toBe('official IDX files in named')
  })

  test('says that it passes over a $FASHION_MNIST_DIR with nothing in it', async () => {
    writeSmallSet('data/fashion-mnist')
    process.env.FASHION_MNIST_DIR = 'nowhere'
    expectSmallSet(await fashionMnist({ say }))
    expect(said).toEqual(['$FASHION_MNIST_DIR (nowhere) is passed over: there is no Fashion-MNIST in it.'])
    process.env.FASHION_MNIST_DIR = ''
    expectSmallSet(await fashionMnist({ say }))
    expect(said).toHaveLength(1)
  })

  test('looks in the usual folders, then in the cache folder', async () => {
    const options = { cacheDir: 'cache', download: false, say }
    writeSmallSet('cache')
    expect((await fashionMnist(options)).source).toBe('official IDX files in cache')
    writeSmallSet('../shared/fashion-mnist')
    expect((await fashionMnist(options)).source).toBe('official IDX files in ../shared/fashion-mnist')
    writeSmallSet('data/fashion-mnist')
    expect((await fashionMnist(options)).source).toBe('official IDX files in ./data/fashion-mnist')
    expect(said).toEqual([])
    rmSync('data/fashion-mnist/t10k-images-idx3-ubyte')
    expect((await fashionMnist(options)).source).toBe('official IDX files in ../shared/fashion-mnist')
    expect(said).toEqual([
      './data/fashion-mnist is passed over: of Fashion-MNIST it has only train-images-idx3-ubyte, ' +
        'train-labels-idx1-ubyte, t10k-labels-idx1-ubyte.',
    ])
  })

  test('goes on with drawn garments where nothing can be downloaded, and says so', async () => {
    server = await serve((_, response) => response.writeHead(404).end())
    const data = await fashionMnist({ cacheDir: 'cache', baseUrl: server.url, say })
    expect(server.requests).toEqual(['/t10k-labels-idx1-ubyte.gz'])
    expect(data.kind).toBe('generated')
    expect(data.train.images.shape).toEqual([60000, 28, 28, 1])
    expect(data.test.labels.length).toBe(10000)
    expect(said).toEqual([
      `Downloading Fashion-MNIST (31 MB) from ${server.url} to cache.`,
      'Fashion-MNIST is in none of ./data/fashion-mnist, ../shared/fashion-mnist, cache, and it could not be downloaded ' +
        '(the server answered 404 Not Found): is there a network?',
      'Going on with generated drawings of garments (seed 0), not the real Fashion-MNIST: ' +
        'results on them cannot be compared with those of others.',
    ])
  })

  test('downloads anew what is wrong in the cache folder', async () => {
    server = await serve((_, response) => response.writeHead(404).end())
    writeSmallSet('cache', name => `${name}.gz`)
    writeFileSync('cache/train-labels-idx1-ubyte.gz', '')
    drawFew()
    const data = await fashionMnist({ cacheDir: 'cache', baseUrl: server.url, say })
    expect(server.requests).toEqual(['/t10k-labels-idx1-ubyte.gz'])
    expect(data.kind).toBe('generated')
    const empty = join('cache', 'train-labels-idx1-ubyte.gz')
    expect(said[0]).toBe(`cache is passed over: ${empty}, byte 0: the file is empty, expected an IDX file.`)
  })

  test('says that the cache folder cannot be written, and does not blame the network', async () => {
    server = await serve(() => {})
    writeFileSync('taken', '')
    drawFew()
    const data = await fashionMnist({ cacheDir: join('taken', 'x'), baseUrl: server.url, say })
    expect(data.kind).toBe('generated')
    const file = join('taken', 'x', 't10k-labels-idx1-ubyte.gz')
    expect(said[1]).toContain(`and what is downloaded cannot be kept: ${file}: cannot be written (E`)
    expect(server.requests).toEqual([])
  })

  test('does not go on with garments when told to stop', async () => {
    const stop = new AbortController()
    server = await serve(() => stop.abort(new Error('enough')))
    const loading = fashionMnist({ cacheDir: 'cache', baseUrl: server.url, say, signal: stop.signal })
    await expect(loading).rejects.toThrow('enough')
  })

  testWithRealData('downloads what the cache folder lacks, once', 'train-images-idx3-ubyte.gz', async () => {
    server = await serve((request, response) => {
      createReadStream(join(realData, request.url!)).pipe(response)
    })
    mkdirSync('cache')
    writeFileSync('cache/t10k-images-idx3-ubyte.gz', 'not what it should be')
    const progress = new Map<string, number>()
    const onProgress = (label: string, done: number, total: number) => progress.set(label, done / total)
    const options = { cacheDir: 'cache', baseUrl: server.url.slice(0, -1), say, onProgress }
    const data = await fashionMnist(options)
    expect([data.kind, data.source]).toEqual(['idx', 'official IDX files in cache'])
    const names = [
      't10k-images-idx3-ubyte.gz',
      't10k-labels-idx1-ubyte.gz',
      'train-images-idx3-ubyte.gz',
      'train-labels-idx1-ubyte.gz',
    ]
    expect(readdirSync('cache').sort()).toEqual(names)
    expect([...progress].sort()).toEqual(names.map(name => [`Downloading ${name}`, 1]))
    expect(server.requests).toHaveLength(4)
    // The facts are NumPy's, over the same files.
    expect([...data.train.labels.subarray(0, 5)]).toEqual([9, 0, 0, 3, 0])
    expect([...data.test.labels.subarray(0, 5)]).toEqual([9, 2, 1, 1, 6])
    expect(sum(data.train.images.data)).toBe(3431114169)
    expect(sum(data.test.images.data)).toBe(573469082)
    expect([sum(data.train.labels), sum(data.test.labels)]).toEqual([270000, 45000])
    await fashionMnist(options)
    expect(server.requests).toHaveLength(4)
    writeFileSync('cache/t10k-labels-idx1-ubyte.gz', '')
    expect((await fashionMnist(options)).test.labels.length).toBe(10000)
    expect(server.requests.slice(4)).toEqual(['/t10k-labels-idx1-ubyte.gz'])
  })
})

function sum(values: Uint8Array): number {
  return values.reduce((total, value) => total + value, 0)
}
