import { access, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, as far as they are missing, like `mkdir -p`. Node's own `recursive` never comes
 * back where a folder can be in none, as under /proc.
 *
 * @example
 * await makeFolder(join(cacheFolder(), 'tables'))
 */
export async function makeFolder(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  const above = dirname(path)
  if (exists || above === path) return
  await makeFolder(above)
  await mkdir(path).catch(error => {
    // Another process may have been quicker.
    if (error.code !== 'EEXIST') throw error
  })
}
