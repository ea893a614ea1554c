import { terminal } from '../text/terminal.ts'
import { chooseBackend } from './choose.ts'
import type { Backend } from './chosen.ts'
import { host } from './host.ts'
import type { BackendInfo } from './info.ts'
import { type BackendOptions, checkBackendOptions } from './options.ts'

let chosen: BackendOptions = {}
let current: Backend | null = null
/** What each choice of options has come to, so that every fallback is told of once. */
const settled = new Map<string, Backend>()
/** Those made so far: each has a memory and threads of its own, which its models share. */
const made = new Map<string, Backend>()

/**
 * Chooses what computes, for models that are built from now on; those that are built keep theirs. A model is built when it
 * first needs its weights: in `build`, `summary` or `fit`, for example. Options that are left out are what the environment
 * variables say (`CONVNET_KERNELS`, `CONVNET_NUMERICS`, `CONVNET_THREADS`, `CONVNET_TURBO`, `CONVNET_RELAXED_SIMD` and
 * `CONVNET_FUSION`, the last three `on` or `off`; in Node), or else their defaults. Nothing is compiled before the first model
 * is built, or `backend.info` read. Where the engine lacks what is asked for, that falls back as a whole, and the terminal
 * is told in one line.
 *
 * @throws OptionError for an option that may not be
 * @example
 * setBackend({ numerics: 'fast', turbo: true })
 * console.log(backend.info)
 */
export function setBackend(options: BackendOptions): void {
  chosen = checkBackendOptions('setBackend', options)
  current = null
}

/** What models that are built now compute with. */
export const backend: {
  /**
   * What was chosen, after all fallbacks.
   * @throws OptionError for an environment variable that has a value that it may not have
   */
  readonly info: BackendInfo
  /** Whether this engine has anything that turbo can switch on. */
  readonly hasTurbo: boolean
} = {
  get info() {
    return currentBackend().info
  },
  get hasTurbo() {
    const { relaxedSimd, revectorizer } = host().flags
    return relaxedSimd !== undefined || revectorizer !== undefined
  },
}

/**
 * The backend for a model that is built now, made at the first call.
 * @throws OptionError for an environment variable that has a value that it may not have
 */
export function currentBackend(): Backend {
  if (!current || current.isBroken()) current = backendFor({ ...host().defaults(), ...chosen })
  return current
}

function backendFor(options: BackendOptions): Backend {
  const key = JSON.stringify(Object.entries(options).sort())
  const before = settled.get(key)
  if (before && !before.isBroken()) return before
  const backend = chooseBackend(options, host(), line => terminal().write(`convnet-ts: ${line}\n`), made)
  settled.set(key, backend)
  return backend
}
