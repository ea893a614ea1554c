import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import type { Json } from '../../src/config.ts'
import type { Hdf5File, Hdf5Object, OpenHdf5 } from '../../src/io/keras/hdf5.ts'
import { hdf5Program } from '../../src/node/keras/hdf5-program.ts'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'

const folder = new URL('../golden/keras-models/', import.meta.url)

/** What each of Keras' files holds, and what Keras predicts with it. */
export const goldenModels: {
  readonly [name: string]: { readonly layers: readonly string[]; readonly predictions: readonly number[][] }
} = JSON.parse(readFileSync(new URL('../keras-models.json', folder), 'utf8'))

/** The path of a file of Keras: `keras3-notebook.h5`. */
export const goldenPath = (file: string): string => fileURLToPath(new URL(file, folder))

export const goldenFile = (file: string): Uint8Array => new Uint8Array(readFileSync(goldenPath(file)))

/** What the predictions are of. */
export function goldenInput(): Tensor {
  return tensor(
    Float32Array.from({ length: 4 * 84 }, (_, i) => ((i * 37) % 101) / 101),
    [4, 7, 6, 2],
  )
}

/** A config that may be changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests change whatever place of it
export type Draft = any

/** A `.keras` file with another config, and other entries. */
export function changed(file: string, change: (config: Draft) => void, entries: Zippable = {}): Uint8Array {
  const archive = unzipSync(goldenFile(file))
  const config = JSON.parse(new TextDecoder().decode(archive['config.json']))
  change(config)
  const text = new TextEncoder().encode(JSON.stringify(config))
  return zipSync({ ...archive, 'config.json': text, ...entries })
}

type Answer = Partial<Pick<Hdf5File, 'objects'>> & {
  readonly arrays?: Float32Array<ArrayBuffer>[]
  readonly problem?: string
}

/** Asks the program that reads HDF5 files, in this process. */
const askHere = programHere()

function programHere(): (question: object) => Answer {
  let ask: (question: object) => void
  let answer: Answer = {}
  const process = {
    on: (_event: string, listener: typeof ask) => {
      ask = listener
    },
    send: (message: Answer) => {
      answer = message
    },
  }
  const require = createRequire(import.meta.url)
  new Function('process', 'require', `return ${hdf5Program}`)(process, require)(require.resolve('jsfive'))
  return question => {
    ask(question)
    return answer
  }
}

/** Reads HDF5 files in this process, quickly, and one at a time. */
export const openHere: OpenHdf5 = async (bytes, problems) => {
  const answerTo = (question: object) => {
    const answer = askHere(question)
    if (answer.problem !== undefined) problems.fail(answer.problem)
    return answer
  }
  return {
    objects: answerTo({ bytes }).objects!,
    read: async paths => answerTo({ paths }).arrays!,
    close: () => {},
  }
}

/** An HDF5 file with these datasets, all float32 and zero, and these attributes of groups. */
export function fakeHdf5(
  datasets: { readonly [path: string]: readonly number[] },
  attributes: { readonly [path: string]: { readonly [name: string]: Json } } = {},
): Hdf5File {
  const group = (values: object): Hdf5Object => ({
    attributes: new Map(Object.entries(values)),
    dataset: null,
  })
  const objects = new Map<string, Hdf5Object>([['', group({})]])
  for (const path of Object.keys(datasets)) objects.set(path.split('/')[0], group({}))
  for (const [path, values] of Object.entries(attributes)) objects.set(path, group(values))
  for (const [path, shape] of Object.entries(datasets)) {
    objects.set(path, { attributes: new Map(), dataset: { shape, dtype: '<f4' } })
  }
  return { objects, read: async () => [], close: () => {} }
}
