import { join } from 'node:path'
import { type FashionMnist, OFFICIAL_ADDRESS, officialFiles } from '../../data/fashion-mnist.ts'
import { garments } from '../../data/garments.ts'
import { DataError } from '../../errors.ts'
import { checkOptions, filePath, flag } from '../../options.ts'
import { terminal } from '../../text/terminal.ts'
import { cacheFolder } from '../files/cache-folder.ts'
import { NetworkError } from '../files/fetch-to-file.ts'
import type { OnProgress } from '../progress.ts'
import { download as downloadFile } from './download.ts'
import { EXPECTED_FILES, findFiles, readFiles } from './fashion-mnist-files.ts'

/** Options of {@link fashionMnist}. */
export interface FashionMnistOptions {
  /** The only folder to look in. Default: none, and the usual places are searched. */
  readonly dir?: string
  /** Where downloads are kept. Default: `fashion-mnist` in this library's part of the user's cache folder. */
  readonly cacheDir?: string
  /** Whether to download what is nowhere. Default true. */
  readonly download?: boolean
  /** Told now and then how far a file is downloaded or read. Default none. */
  readonly onProgress?: OnProgress
  /** Told in sentences what happens. Default: they are written to the terminal. */
  readonly say?: (message: string) => void
  /** Stops the loading, which then throws the signal's reason. */
  readonly signal?: AbortSignal
  /** Where to download from. Default: the official address. */
  readonly baseUrl?: string
}

/** Folders that are looked in where none is named, relative to the working folder. */
const USUAL_FOLDERS = ['./data/fashion-mnist', '../shared/fashion-mnist']

/**
 * Loads Fashion-MNIST: 60,000 training and 10,000 test images of clothing, 28×28 grey, in ten classes.
 *
 * It is taken from `dir`, and from nowhere else where that is given. Otherwise it is looked for in
 * `$FASHION_MNIST_DIR`, `./data/fashion-mnist`, `../shared/fashion-mnist` and the cache folder, then downloaded. Where
 * that fails, generated drawings of garments take its place: `kind` and `source` of the result say so.
 *
 * In a folder, Kaggle's CSV files come first, then the official IDX files, gzipped or not.
 *
 * Source: Xiao, Rasul and Vollgraf (2017), https://github.com/zalandoresearch/fashion-mnist
 *
 * @throws DataError where `dir` does not hold the files, or a file is not what it should be: naming file, row
 * and column
 * @example
 * const { train, test, classNames, source } = await fashionMnist()
 * train.images.shape // [60000, 28, 28, 1]
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<FashionMnist> {
  const known = ['dir', 'cacheDir', 'download', 'onProgress', 'say', 'signal', 'baseUrl']
  checkOptions('fashionMnist', options, known)
  const { dir, cacheDir = join(cacheFolder(), 'fashion-mnist'), download = true, signal } = options
  const { say = message => terminal().write(`${message}\n`) } = options
  if (dir !== undefined) filePath('fashionMnist', 'dir', dir)
  filePath('fashionMnist', 'cacheDir', cacheDir)
  flag('fashionMnist', 'download', download)
  signal?.throwIfAborted()

  if (dir !== undefined) return await loadFrom(dir, options)
  const named = process.env.FASHION_MNIST_DIR
  const folders = named ? [named, ...USUAL_FOLDERS] : USUAL_FOLDERS
  for (const folder of folders) {
    const search = await findFiles(folder)
    if (search.files) return await readFiles(search.files, folder, options)
    if (search.some.length > 0) {
      say(`${folder} is passed over: of Fashion-MNIST it has only ${search.some.join(', ')}.`)
    } else if (folder === named) {
      say(`$FASHION_MNIST_DIR (${named}) is passed over: there is no Fashion-MNIST in it.`)
    }
  }

  const kept = await readKept(cacheDir, say, options)
  if (kept) return kept

  const reason = download ? await tryDownload(cacheDir, say, options) : 'downloading is switched off.'
  if (reason === null) return await loadFrom(cacheDir, options)
  const standIn = garments()
  say(`Fashion-MNIST is in none of ${[...folders, cacheDir].join(', ')}, and ${reason}`)
  say(`Going on with ${standIn.source}: results on them cannot be compared with those of others.`)
  return standIn
}

/** Loads from a folder that must hold the files. */
async function loadFrom(folder: string, options: FashionMnistOptions): Promise<FashionMnist> {
  const search = await findFiles(folder)
  if (search.files) return await readFiles(search.files, folder, options)
  const found = search.some.length > 0 ? `only ${search.some.join(', ')} found` : 'no Fashion-MNIST found'
  throw new DataError({ file: folder }, `${found}, expected ${EXPECTED_FILES}`)
}

/** Reads what was downloaded before; `null` where some of it is missing or wrong, which downloading puts right. */
async function readKept(
  folder: string,
  say: (message: string) => void,
  options: FashionMnistOptions,
): Promise<FashionMnist | null> {
  const search = await findFiles(folder)
  if (!search.files) return null
  try {
    return await readFiles(search.files, folder, options)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    say(`${folder} is passed over: ${error.message}.`)
    return null
  }
}

/** Downloads the four official files, as far as they are not there; gives back why that failed, or `null`. */
async function tryDownload(
  folder: string,
  say: (message: string) => void,
  { baseUrl = OFFICIAL_ADDRESS, onProgress, signal }: FashionMnistOptions,
): Promise<string | null> {
  const { train, test } = officialFiles
  say(`Downloading Fashion-MNIST (31 MB) from ${baseUrl} to ${folder}.`)
  try {
    // The smallest first: where there is no way through, that is known soonest.
    for (const { name, md5, bytes } of [test.labels, train.labels, test.images, train.images]) {
      await downloadFile({
        url: `${baseUrl.replace(/\/*$/, '/')}${name}`,
        file: join(folder, name),
        md5,
        bytes,
        say,
        signal,
        onProgress: (done, total) => onProgress?.(`Downloading ${name}`, done, total),
      })
    }
    return null
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return error.cause instanceof NetworkError
      ? `it could not be downloaded (${error.cause.message}): is there a network?`
      : `what is downloaded cannot be kept: ${error.message}.`
  }
}
