import { readlink, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Says what keeps a path from being a folder that is there: what is missing, or in the way.
 *
 * @returns null where it is one
 * @example
 * await whyNoFolder('run/models') // 'there is no folder run'
 */
export async function whyNoFolder(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? null : `${path} is no folder`
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  const above = dirname(path)
  const why = above === path ? null : await whyNoFolder(above)
  if (why !== null) return why
  const link = await readlink(path).catch(() => null)
  return link === null
    ? `there is no folder ${path}`
    : `${path} is a link to ${link}, where there is no folder`
}
