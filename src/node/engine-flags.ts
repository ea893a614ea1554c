import { setFlagsFromString } from 'node:v8'
import type { EngineFlags } from '../backend/host.ts'

/**
 * The flags that turbo sets in this V8. They are chosen by its version, since a V8 that does not know a flag says so on
 * standard error and to nobody else. Relaxed SIMD needs a flag before 11.4. The revectoriser has one since 12, which has an
 * effect since 13, on x64.
 *
 * @param v8 its version
 * @param arch the processor's architecture, as Node names it
 * @param set sets one of V8's flags
 */
export function engineFlags(v8: string, arch: string, set = setFlagsFromString): EngineFlags {
  const [major, minor] = v8.split('.').map(Number)
  const isBefore11_4 = major < 11 || (major === 11 && minor < 4)
  const flag = (name: string) => (on: boolean) => set(on ? `--${name}` : `--no-${name}`)
  const earlyOptimizer = (on: boolean) => {
    set(on ? '--wasm-sync-tier-up' : '--no-wasm-sync-tier-up')
    // The latter is V8's own value.
    set(`--wasm-tiering-budget=${on ? 1 : 13_000_000}`)
  }
  return {
    ...(isBefore11_4 && { relaxedSimd: flag('experimental-wasm-relaxed-simd') }),
    ...(major >= 13 && arch === 'x64' && { revectorizer: flag('experimental-wasm-revectorize') }),
    ...(major >= 13 && { earlyOptimizer }),
  }
}
