import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { targetsToChoose } from '../../src/backend/targets.ts'
import { moduleFor } from '../../src/kernels/simd/module-for.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const PACKED_FROM = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'build.js',
  'src',
  'examples',
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
]

/**
 * Builds and packs the library as `npm publish` would. It does so in a copy, so that several tests may pack at once and
 * the checkout's own `dist` stays as it is.
 *
 * @param folder an empty one
 * @returns the path of the tarball
 */
export function packLibrary(folder: string): string {
  const copy = join(folder, 'checkout')
  mkdirSync(copy)
  for (const name of PACKED_FROM) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  runNpm(['pack', '--pack-destination', folder], copy)
  return join(folder, readdirSync(folder).find(name => name.endsWith('.tgz'))!)
}

/** Unpacks a tarball of npm's into a folder. */
export function unpack(tarball: string, folder: string): void {
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'])
}

/** The modules of kernels in a text of JavaScript, in base64; those that probe the engine are shorter. */
export function modulesIn(code: string): string[] {
  return code.match(/(?<=")AGFzbQEAAA[\w+/=]{1000,}(?=")/g) ?? []
}

/** The modules that the source writes for what may be chosen, with the revectoriser or without, in base64. */
export function writtenModules(revectorized: boolean): string[] {
  return targetsToChoose(revectorized).map(target => Buffer.from(moduleFor(target)).toString('base64'))
}

/** Runs npm and returns what it prints. */
export function runNpm(args: readonly string[], cwd: string): string {
  // On Windows npm is a script, which only a shell can run.
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    shell: process.platform === 'win32',
  })
}

/** Runs a program from the checkout's `node_modules` with this Node, and returns what it prints. */
export function runTool(name: string, args: readonly string[], cwd: string): string {
  const file = join(root, 'node_modules', '.bin', name)
  return execFileSync(process.execPath, [file, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' })
}
