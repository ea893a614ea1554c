import { backend, formatBackend, setBackend } from 'convnet-ts'
import type { Options } from './options.ts'
import { print } from './print.ts'

/** Has the library be fast. Options win over environment variables, and those over what is usual here. */
export function chooseBackend({
  turbo,
  numerics,
  threads,
}: Partial<Pick<Options, 'turbo' | 'numerics' | 'threads'>> = {}): void {
  const { CONVNET_TURBO, CONVNET_NUMERICS } = process.env
  setBackend({
    turbo: turbo ?? (CONVNET_TURBO ? undefined : backend.hasTurbo),
    numerics: numerics ?? (CONVNET_NUMERICS ? undefined : 'fast'),
    threads,
  })
  print(`Backend: ${formatBackend(backend.info)}, on ${backend.info.engine}`)
}
