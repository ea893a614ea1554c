import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  classNames,
  type FashionMnist,
  type LabelledImages,
  officialFiles,
} from '../../data/fashion-mnist.ts'
import { fromIdx, fromTable } from '../../data/labelled-images.ts'
import { DataError } from '../../errors.ts'
import { readIdx } from '../files/read-idx.ts'
import type { OnProgress } from '../progress.ts'
import { readCsv } from '../tables/read-csv.ts'

const KAGGLE_FILES = ['fashion-mnist_train.csv', 'fashion-mnist_test.csv'] as const

const OFFICIAL_NAMES = [
  officialFiles.train.images.name,
  officialFiles.train.labels.name,
  officialFiles.test.images.name,
  officialFiles.test.labels.name,
] as const

/** What a folder must hold, for messages. */
export const EXPECTED_FILES = `${KAGGLE_FILES.join(' and ')}, or ${OFFICIAL_NAMES.join(', ')} (the latter also without .gz)`

/** The paths of a whole set: Kaggle's [train, test], or [images, labels, test images, test labels]. */
export type FashionMnistFiles =
  | { readonly kind: 'csv'; readonly paths: readonly [string, string] }
  | { readonly kind: 'idx'; readonly paths: readonly [string, string, string, string] }

/**
 * Looks for Fashion-MNIST in a folder: Kaggle's CSV files, else the official IDX files, gzipped or not, under their own
 * names or with a dot before `idx` (`train-images.idx3-ubyte`).
 *
 * @returns the files of a whole set, or else the names of those that are there, which are none in a folder that cannot be
 * read
 */
export async function findFiles(
  folder: string,
): Promise<{ files: FashionMnistFiles } | { files: null; some: string[] }> {
  const names = new Set(await readdir(folder).catch(() => []))
  const kaggle = KAGGLE_FILES.filter(name => names.has(name))
  const official = OFFICIAL_NAMES.flatMap(name => spellings(name).find(spelling => names.has(spelling)) ?? [])
  const path = (name: string) => join(folder, name)
  const [a, b, c, d] = official.map(path)
  if (kaggle.length === 2) return { files: { kind: 'csv', paths: [path(kaggle[0]), path(kaggle[1])] } }
  if (a && b && c && d) return { files: { kind: 'idx', paths: [a, b, c, d] } }
  return { files: null, some: [...kaggle, ...official] }
}

function spellings(name: string): string[] {
  const plain = name.replace(/\.gz$/, '')
  const dotted = plain.replace('-idx', '.idx')
  return [name, plain, `${dotted}.gz`, dotted]
}

/** How reading is told of, and stopped. */
interface ReadOptions {
  readonly onProgress?: OnProgress
  readonly signal?: AbortSignal
}

/**
 * Reads a whole set.
 *
 * @throws DataError where a file is not what it should be
 */
export async function readFiles(
  { kind, paths }: FashionMnistFiles,
  folder: string,
  options: ReadOptions,
): Promise<FashionMnist> {
  if (kind === 'csv') {
    const [train, test] = [await readTable(paths[0], options), await readTable(paths[1], options)]
    return { train, test, classNames, kind, source: `Kaggle's CSV files in ${folder}` }
  }
  const train = await readPair(paths[0], paths[1], options)
  const test = await readPair(paths[2], paths[3], options)
  return { train, test, classNames, kind, source: `official IDX files in ${folder}` }
}

/**
 * Reads the test images alone; the others need not be there.
 *
 * @throws DataError where the folder does not have them, or a file is not what it should be
 */
export async function readTestImages(folder: string, options: ReadOptions): Promise<LabelledImages> {
  const { test } = officialFiles
  const names = new Set(await readdir(folder).catch(() => []))
  if (names.has(KAGGLE_FILES[1])) return readTable(join(folder, KAGGLE_FILES[1]), options)
  const [images, labels] = [test.images, test.labels].map(({ name }) =>
    spellings(name).find(spelling => names.has(spelling)),
  )
  if (images && labels) return readPair(join(folder, images), join(folder, labels), options)
  const expected = `${KAGGLE_FILES[1]}, or ${test.images.name} and ${test.labels.name} (the latter also without .gz)`
  throw new DataError({ file: folder }, `has no test images of Fashion-MNIST, expected ${expected}`)
}

async function readTable(path: string, { onProgress, signal }: ReadOptions): Promise<LabelledImages> {
  const report = (done: number, total: number) => onProgress?.(`Reading ${basename(path)}`, done, total)
  return fromTable(await readCsv(path, { dtype: 'uint8', onProgress: report, signal }))
}

async function readPair(images: string, labels: string, { signal }: ReadOptions): Promise<LabelledImages> {
  signal?.throwIfAborted()
  return fromIdx(await readIdx(images), await readIdx(labels), { images, labels })
}
