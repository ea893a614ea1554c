import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { ConvnetError } from '../../errors.ts'
import type { Hdf5File, OpenHdf5 } from '../../io/keras/hdf5.ts'
import type { Problems } from '../../io/problems.ts'
import { hdf5Program } from './hdf5-program.ts'

/** How every HDF5 file of Keras begins. */
const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** How long reading may take: a hundred times what it does, since the machine may be busy. A file is refused by its work. */
const PATIENCE_MS = 30_000
const PATIENCE_MS_PER_MB = 1000

/** What the reader's heap may have: each number of a dataset takes some words on its way. */
const HEAP_MB = 256
const HEAP_PER_BYTE = 16

/** What the program sends: one of these. */
type Answer = Partial<Pick<Hdf5File, 'objects'>> & {
  readonly arrays?: Float32Array<ArrayBuffer>[]
  readonly problem?: string
}

/**
 * Opens an HDF5 file by the package `jsfive`, which is optional and loaded when it is first needed. It does so in a process of
 * its own: a file that was made to be wrong can send a reader round in circles, or have it ask for so much memory that the engine
 * ends its process. A thread would take the program along. What the reader does is metered, so that most such files are refused
 * at once; bounds on time and memory are for the rest.
 *
 * @throws ConvnetError where the package is not installed, or no process can be started
 * @throws ModelFileError where the bytes are no such file, or reading them takes far longer, or far more memory, than a file
 * of this size should
 */
export const openHdf5: OpenHdf5 = async (bytes, problems) => {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    problems.fail('is no file of Keras: neither a zip archive nor an HDF5 file')
  }
  const reader = new Reader(findLibrary(), bytes, problems)
  const { objects } = await reader.ask({ bytes })
  return {
    objects: objects!,
    read: async paths => (await reader.ask({ paths })).arrays!,
    close: () => reader.end(),
  }
}

/** The process that reads. */
class Reader {
  readonly #process: ChildProcess
  readonly #problems: Problems
  readonly #patience: number

  constructor(library: string, { length }: Uint8Array, problems: Problems) {
    const megabytes = length / 2 ** 20
    const heap = Math.ceil(HEAP_MB + HEAP_PER_BYTE * megabytes)
    this.#problems = problems
    this.#patience = PATIENCE_MS + PATIENCE_MS_PER_MB * megabytes
    const program = `(${hdf5Program})(${JSON.stringify(library)})`
    this.#process = spawn(process.execPath, [`--max-old-space-size=${heap}`, '--eval', program], {
      // What a reader prints about files is told by errors.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      // Loaders that are named there would make it start late.
      env: { ...process.env, NODE_OPTIONS: '' },
    })
  }

  /** Waits for the answer to a question: what a file has, or the numbers of datasets. */
  async ask(question: { bytes: Uint8Array } | { paths: readonly string[] }): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined
    const answer = new Promise<Answer>((resolve, reject) => {
      const giveUp = (problem: string) => resolve({ problem: `reading it ${problem}` })
      const seconds = Math.round(this.#patience / 1000)
      timer = setTimeout(() => giveUp(`takes longer than ${seconds} seconds`), this.#patience)
      this.#process.once('message', message => resolve(message as Answer))
      const end = () => giveUp('takes too much memory, or ends the process that does')
      this.#process.once('exit', end)
      this.#process.once('error', cause => {
        reject(
          new ConvnetError(`files of Keras are read by another process of Node: ${cause.message}`, { cause }),
        )
      })
      // A process that has ended may be noticed by this first.
      this.#process.send(question, error => error && end())
    })
    const { problem, ...found } = await answer.finally(() => clearTimeout(timer))
    if (problem === undefined) return found
    this.end()
    this.#problems.fail(`is no HDF5 file that can be read: ${problem}`)
  }

  end(): void {
    this.#process.kill('SIGKILL')
  }
}

function findLibrary(): string {
  try {
    return createRequire(import.meta.url).resolve('jsfive')
  } catch (cause) {
    throw new ConvnetError('files of Keras take a package that cannot be loaded here: npm install jsfive', {
      cause,
    })
  }
}
