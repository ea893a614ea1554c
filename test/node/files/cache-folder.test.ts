import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { cacheFolder } from '../../../src/node/files/cache-folder.ts'

const on = (platform: string) => vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as 'linux')

describe('cacheFolder', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })

  test('follows XDG_CACHE_HOME', () => {
    vi.stubEnv('XDG_CACHE_HOME', resolve('/somewhere/cache'))
    expect(cacheFolder()).toBe(resolve('/somewhere/cache/convnet-ts'))
  })

  test('ignores a relative or empty XDG_CACHE_HOME', () => {
    on('linux')
    for (const value of ['cache', '']) {
      vi.stubEnv('XDG_CACHE_HOME', value)
      expect(cacheFolder()).toBe(join(homedir(), '.cache', 'convnet-ts'))
    }
  })

  test('knows where macOS and Windows keep caches', () => {
    vi.stubEnv('XDG_CACHE_HOME', undefined)
    on('darwin')
    expect(cacheFolder()).toBe(join(homedir(), 'Library', 'Caches', 'convnet-ts'))
    on('win32')
    vi.stubEnv('LOCALAPPDATA', undefined)
    expect(cacheFolder()).toBe(join(homedir(), 'AppData', 'Local', 'convnet-ts'))
    vi.stubEnv('LOCALAPPDATA', 'local')
    expect(cacheFolder()).toBe(join('local', 'convnet-ts'))
  })
})
