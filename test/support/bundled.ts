import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/**
 * A program of this repository as one file, which starts in a tenth of the time.
 *
 * @param entry from the repository's root
 * @param folder where it is put
 * @returns its path
 */
export function bundled(entry: string, folder: string): string {
  const outfile = join(folder, basename(entry).replace(/\.ts$/, '.mjs'))
  buildSync({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  return outfile
}
