import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findFiles } from '../../../src/node/fashion-mnist/fashion-mnist-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const touch = (...names: string[]) => {
  for (const name of names) writeFileSync(join(folder, name), '')
}

describe('findFiles', () => {
  test('finds official files under each of their names, and mixed', async () => {
    touch(
      'train-images-idx3-ubyte.gz',
      'train-labels.idx1-ubyte',
      't10k-images.idx3-ubyte.gz',
      't10k-labels-idx1-ubyte',
    )
    expect(await findFiles(folder)).toEqual({
      files: {
        kind: 'idx',
        paths: [
          'train-images-idx3-ubyte.gz',
          'train-labels.idx1-ubyte',
          't10k-images.idx3-ubyte.gz',
          't10k-labels-idx1-ubyte',
        ].map(name => join(folder, name)),
      },
    })
  })

  test('takes Kaggle’s files first', async () => {
    touch(
      'train-images-idx3-ubyte',
      'train-labels-idx1-ubyte',
      't10k-images-idx3-ubyte',
      't10k-labels-idx1-ubyte',
    )
    expect((await findFiles(folder)).files?.kind).toBe('idx')
    touch('fashion-mnist_train.csv')
    expect((await findFiles(folder)).files?.kind).toBe('idx')
    touch('fashion-mnist_test.csv')
    expect((await findFiles(folder)).files).toEqual({
      kind: 'csv',
      paths: [join(folder, 'fashion-mnist_train.csv'), join(folder, 'fashion-mnist_test.csv')],
    })
  })

  test('names the part of a set that is there', async () => {
    touch(
      'README.md',
      'fashion-mnist_train.csv',
      't10k-labels-idx1-ubyte.gz',
      't10k-images-idx3-ubyte.gz.part',
    )
    expect(await findFiles(folder)).toEqual({
      files: null,
      some: ['fashion-mnist_train.csv', 't10k-labels-idx1-ubyte.gz'],
    })
  })

  test('finds nothing in an empty folder, or where there is none', async () => {
    mkdirSync(join(folder, 'empty'))
    expect(await findFiles(join(folder, 'empty'))).toEqual({ files: null, some: [] })
    expect(await findFiles(join(folder, 'nowhere'))).toEqual({ files: null, some: [] })
  })
})
