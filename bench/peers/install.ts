import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '../../src/node/files/cache-folder.ts'

const run = promisify(execFile)

/** A peer's own folder outside the repository, so that one that cannot be installed does not stop the others. */
const folderOf = (peer: string) => join(cacheFolder(), 'peers', peer)

const pinOf = (name: string): string =>
  JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).dependencies[name]

/**
 * Installs an npm package, in the version that package.json pins, unless it is there; none of its scripts is run.
 *
 * @returns The `node_modules` that it lies in.
 */
export async function npmPackage(peer: string, name: string): Promise<string> {
  const modules = join(folderOf(peer), 'node_modules')
  const manifest = join(modules, name, 'package.json')
  const found = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version
  const pin = pinOf(name)
  if (found !== pin) {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    await run('npm', ['install', ...quiet, '--prefix', folderOf(peer), `${name}@${pin}`])
  }
  return modules
}

/** A Python package: what pip calls it, and what `import` does. */
export interface PythonPackage {
  readonly pip: string
  readonly module: string
}

/**
 * The Python that has the packages: the one that `$CONVNET_BENCH_PYTHON` names, else that of a virtual environment, into
 * which pip's newest are installed unless they are there.
 *
 * @returns Its path.
 * @throws Error if the Python that was named lacks one.
 */
export async function pythonWith(peer: string, packages: readonly PythonPackage[]): Promise<string> {
  const named = process.env.CONVNET_BENCH_PYTHON
  if (named) {
    if (await hasModules(named, packages)) return named
    const expected = packages.map(({ module }) => module).join(', ')
    throw new Error(`$CONVNET_BENCH_PYTHON is ${named}, expected a Python that has ${expected}`)
  }
  const folder = folderOf(peer)
  const python = join(folder, 'bin', 'python')
  if (!(await hasModules(python, packages))) {
    // Without this index pip fetches gigabytes of CUDA with PyTorch.
    const index = ['--extra-index-url', 'https://download.pytorch.org/whl/cpu']
    await run('python3', ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', ...index, ...packages.map(({ pip }) => pip)])
  }
  return python
}

async function hasModules(python: string, packages: readonly PythonPackage[]): Promise<boolean> {
  const look = 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))'
  return run(python, ['-c', look, ...packages.map(({ module }) => module)]).then(
    () => true,
    () => false,
  )
}

/** Debian's tcmalloc (package libtcmalloc-minimal4), if it is installed. */
export function tcmalloc(): string | undefined {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  return folders.map(folder => join(folder, 'libtcmalloc_minimal.so.4')).find(path => existsSync(path))
}
