import { type BackendOptions, checkBackendOptions } from '../backend/options.ts'
import { OptionError } from '../errors.ts'

/** The environment variables, and the options that they stand for. */
const variables: { readonly [option in keyof Required<BackendOptions>]: string } = {
  kernels: 'CONVNET_KERNELS',
  numerics: 'CONVNET_NUMERICS',
  threads: 'CONVNET_THREADS',
  turbo: 'CONVNET_TURBO',
  relaxedSimd: 'CONVNET_RELAXED_SIMD',
  fusion: 'CONVNET_FUSION',
}

/**
 * The options that environment variables choose; an empty variable chooses nothing. Switches are `on` or `off`.
 *
 * @throws OptionError naming the variable whose value may not be
 * @example
 * environmentOptions({ CONVNET_THREADS: '2', CONVNET_TURBO: 'on' }) // { threads: 2, turbo: true }
 */
export function environmentOptions(env: { readonly [name: string]: string | undefined }): BackendOptions {
  const given = Object.entries(variables).flatMap(([option, name]) => {
    const text = env[name]
    return text ? [[option, read(option, name, text)]] : []
  })
  const nameOf = (option: string) => variables[option as keyof BackendOptions]
  return checkBackendOptions('the environment', Object.fromEntries(given), nameOf)
}

function read(option: string, name: string, text: string): string | number | boolean {
  if (option === 'kernels' || option === 'numerics') return text
  if (option === 'threads') return /^\d+$/.test(text) ? Number(text) : text
  if (text === 'on' || text === 'off') return text === 'on'
  throw new OptionError('the environment', name, text, '"on" or "off"')
}
