import type { Spawn } from '../kernels/simd/runtime/crew.ts'
import type { BackendOptions } from './options.ts'

/** What the process offers to the kernels. Node's edge hands in its own; this is what every browser has. */
export interface Host {
  /** The engine, by name and version. */
  readonly engine: string
  /** Threads that can run at the same time. */
  readonly cores: number
  /** Starts a worker; null where all work is the calling thread's. */
  readonly spawn: Spawn | null
  /** The engine's flags that turbo sets. */
  readonly flags: EngineFlags
  /** The options that the surroundings choose, where a program does not. */
  defaults(): BackendOptions
}

/** Switches flags of the engine on and off. Those that the engine does not have, or does not need, are missing. */
export interface EngineFlags {
  /** Relaxed SIMD, where it is still an experiment. */
  readonly relaxedSimd?: Switch
  /** The revectoriser, which makes 256-bit instructions of pairs of 128-bit ones. */
  readonly revectorizer?: Switch
  /** Has every function compiled by the optimising compiler as soon as it is called, and waited for. */
  readonly earlyOptimizer?: Switch
}

type Switch = (on: boolean) => void

let current: Host = {
  engine: globalThis.navigator?.userAgent ?? 'an unknown engine',
  cores: 1,
  spawn: null,
  flags: {},
  defaults: () => ({}),
}

/** The host in use. */
export const host = (): Host => current

/** Hands in the host; done once, by the edge. */
export function setHost(chosen: Host): void {
  current = chosen
}
