import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Engine } from './engines.ts'
import { describeMode, type Mode } from './mode.ts'

/** What a measuring program is told. */
export interface Job {
  /** The name of a measurement of measurements.ts. */
  readonly measurement: string
  readonly numerics: Mode['numerics']
  readonly turbo: boolean
  readonly threads: number
  /** Whether it is a rehearsal: less work, and figures that tell nothing. */
  readonly quick: boolean
  /** Of the notebook's experiments, where it is about one of them. */
  readonly experiment?: number
}

/** A run of the benchmark. */
export interface Session {
  readonly quick: boolean
  readonly engines: readonly Engine[]
  /** Runs a measurement in a process of its own, and gives what it returned. */
  measure<Result>(mode: Mode, job: Pick<Job, 'measurement' | 'threads' | 'experiment'>): Promise<Result>
  /** Tells of progress, and takes down how busy the machine is. */
  say(line: string): void
  /** The averages of the last minute's load that were taken down, and are now forgotten. */
  takeLoads(): number[]
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** In node_modules, so that the program finds the library's dependencies. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/convnet-ts-bench', import.meta.url))

/**
 * Makes a program ready, as one file of JavaScript: no loader takes part in what is measured. The file is there until this
 * process ends.
 */
export async function bundleForNode(entry: URL): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const name = basename(entry.pathname, '.ts')
  const program = `${folder}/${name}-${process.pid}.mjs`
  process.once('exit', () => rmSync(program, { force: true }))
  const shape = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const
  const entryPoints = [fileURLToPath(entry)]
  await build({ ...shape, entryPoints, outfile: program, target: 'node20', logLevel: 'error' })
  return program
}

/** Makes the measuring program ready. */
export async function openSession(engines: readonly Engine[], quick: boolean): Promise<Session> {
  const program = await bundleForNode(new URL('program.ts', import.meta.url))
  const loads: number[] = []
  const say = (line: string) => {
    const [load] = loadavg()
    loads.push(load)
    process.stderr.write(`bench: ${line} (load ${load.toFixed(2)})\n`)
  }
  return {
    quick,
    engines,
    say,
    takeLoads: () => loads.splice(0),
    measure: async (mode, job) => {
      const { numerics, turbo, engine } = mode
      const experiment = job.experiment ? `, experiment ${job.experiment}` : ''
      const threads = `${job.threads} thread${job.threads === 1 ? '' : 's'}`
      say(`${job.measurement}: ${describeMode(mode)}, ${threads}${experiment}`)
      const told: Job = { ...job, numerics, turbo, quick }
      return JSON.parse(await runProgram(engine.path, [program, JSON.stringify(told)]))
    },
  }
}

/**
 * Runs a program from the repository's root, without the library's environment variables.
 *
 * @returns what it wrote to standard output
 * @throws Error where its exit code is not 0, with the end of what it wrote
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('CONVNET_'))
  const child = spawn(command, args, { cwd: root, env: { ...Object.fromEntries(outer), ...env } })
  let output = ''
  let all = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
    all += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    all += text
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code === 0) return output
  throw new Error(`${args[0]} ended with ${code}:\n${all.trimEnd().split('\n').slice(-15).join('\n')}`)
}
