import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '../../src/node/files/cache-folder.ts'

const run = promisify(execFile)

/** A Node that programs are measured with. */
export interface Engine {
  /** Its major version. */
  readonly major: number
  readonly version: string
  readonly v8: string
  /** The program. */
  readonly path: string
}

/** Those that are measured beside the Node that runs. */
const MAJORS = [20, 24, 26]

/** The Node that runs. */
const running: Engine = {
  major: Number(process.versions.node.split('.')[0]),
  version: process.versions.node,
  v8: process.versions.v8,
  path: process.execPath,
}

/**
 * The Node that runs and, unless it is to stay alone, the others of `MAJORS`: the newest of each, which npm's packages of
 * Node's programs bring into the cache folder. Sorted by version.
 */
export async function findEngines(alone: boolean): Promise<Engine[]> {
  const majors = alone ? [] : MAJORS.filter(major => major !== running.major)
  const engines = await Promise.all([running.major, ...majors].map(engineOf))
  return engines.sort((a, b) => a.major - b.major)
}

/** The Node that runs, if it has this major version, else the newest that has. */
export async function engineOf(major: number): Promise<Engine> {
  if (major === running.major) return running
  const path = await nodeProgram(major, process.arch)
  const { stdout } = await run(path, ['-p', 'JSON.stringify(process.versions)'])
  const { node, v8 } = JSON.parse(stdout)
  return { major, version: node, v8, path }
}

/** The program of the newest Node of a major version, for any architecture that npm has packages for. */
export async function nodeProgram(major: number, architecture: string): Promise<string> {
  const isWindows = process.platform === 'win32'
  const name = `node-${isWindows ? 'win' : process.platform}-${architecture}`
  const folder = join(cacheFolder(), 'bench', `${name}-${major}`)
  const path = join(folder, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node')
  if (!existsSync(path)) {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    // npm refuses packages for another architecture unless it is forced.
    const force = architecture === process.arch ? [] : ['--force']
    const args = ['install', ...quiet, ...force, '--prefix', folder, `${name}@${major}`]
    await run('npm', args, { shell: isWindows })
  }
  return path
}
