import type { Numerics } from '../../src/kernels/simd/numerics.ts'
import type { Engine } from './engines.ts'

/** How the library computes where it is measured. */
export interface Mode {
  readonly engine: Engine
  readonly numerics: Numerics
  readonly turbo: boolean
}

/** Whether turbo makes 256-bit instructions here. */
export const hasTurbo = ({ major }: Pick<Engine, 'major'>): boolean => major >= 24 && process.arch === 'x64'

/** The mode of an engine's published figures: fast with turbo where it has that, else as the library comes. */
export function headline(engine: Engine): Mode {
  const turbo = hasTurbo(engine)
  return { engine, numerics: turbo ? 'fast' : 'strict', turbo }
}

/** The same with strict numerics. */
export const strictly = (mode: Mode): Mode => ({ ...mode, numerics: 'strict' })

/** An engine's headline and, unless it is that, the same in strict numerics. */
export function headlineAndStrict(engine: Engine): Mode[] {
  const mode = headline(engine)
  return mode.numerics === 'strict' ? [mode] : [mode, strictly(mode)]
}

/** For people: `Node 24 fast, turbo`. */
export function describeMode({ engine, numerics, turbo }: Mode): string {
  return `Node ${engine.major} ${numerics}${turbo ? ', turbo' : ''}`
}
