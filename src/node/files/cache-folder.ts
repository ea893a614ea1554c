import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * The folder where this library keeps what it can make or fetch again: `convnet-ts` in the user's cache folder, which is
 * `$XDG_CACHE_HOME` where that is set, else `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows and `~/.cache`
 * elsewhere. It need not exist yet.
 *
 * Source: XDG Base Directory Specification, by which a relative `$XDG_CACHE_HOME` is ignored.
 *
 * @example
 * cacheFolder() // '/home/ada/.cache/convnet-ts'
 */
export function cacheFolder(): string {
  return join(userCacheFolder(), 'convnet-ts')
}

function userCacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
  return join(homedir(), '.cache')
}
