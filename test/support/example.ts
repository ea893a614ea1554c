import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a program of `examples/` in a process of its own, as `npm start -- …` does. */
export function runExample(program: string, ...args: string[]) {
  const script = ['--import', 'tsx', `examples/${program}`]
  return spawnSync(process.execPath, [...script, ...args], { cwd: root, encoding: 'utf8', timeout: 55_000 })
}
