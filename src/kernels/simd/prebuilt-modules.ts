import { type Target, targetName } from './numerics.ts'
import { fromBase64 } from './runtime/from-base64.ts'

const modules = new Map<string, string>()

/** Adds modules that `moduleFor` wrote when the package was built, as base64, by the names of their targets. */
export function addModules(written: { readonly [target: string]: string }): void {
  for (const [target, base64] of Object.entries(written)) modules.set(target, base64)
}

/**
 * The bytes of the module with the tasks of all kernels.
 * @throws RangeError for a target whose module has not been added
 */
export function moduleFor(target: Target): Uint8Array {
  const name = targetName(target)
  const base64 = modules.get(name)
  if (base64 === undefined) throw new RangeError(`the package has no module for ${name}`)
  return fromBase64(base64)
}
