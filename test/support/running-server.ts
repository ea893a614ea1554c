import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `examples/serve/main.ts` in a process of its own. */
export class RunningServer {
  readonly process: ChildProcess
  /** What it has printed, line by line. */
  readonly lines: string[] = []
  readonly errors: string[] = []
  /** Its exit code. */
  readonly ended: Promise<number | null>

  constructor(...args: string[]) {
    this.process = spawn(
      process.execPath,
      ['--import', 'tsx', 'examples/serve/main.ts', '--port', '0', ...args],
      {
        cwd: root,
        // So that its answers have the bits of the test's own model.
        env: { ...process.env, CONVNET_NUMERICS: 'strict', CONVNET_TURBO: 'off' },
      },
    )
    createInterface(this.process.stdout!).on('line', line => this.lines.push(line))
    createInterface(this.process.stderr!).on('line', line => this.errors.push(line))
    this.ended = once(this.process, 'close').then(([code]) => code)
  }

  /** Where it listens, as soon as it does. */
  async address(): Promise<string> {
    for (;;) {
      const line = this.lines.find(line => line.startsWith('Listening on '))
      if (line) return line.slice('Listening on '.length)
      const code = this.process.exitCode
      if (code !== null) throw new Error(`exit code ${code} before it listened: ${this.errors.join('\n')}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}
