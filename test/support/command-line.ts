import { Readable } from 'node:stream'
import type { Terminal } from 'convnet-ts'
import { cli } from '../../src/node/cli/cli.ts'
import { recorder } from './terminals.ts'

/** Runs the command line program in this process, and returns its exit code and what it writes. */
export async function convnetTs(
  args: readonly string[],
  { input = new Uint8Array(), ...features }: Partial<Omit<Terminal, 'write'>> & { input?: Uint8Array } = {},
) {
  const output = recorder(features)
  const errors = recorder()
  const code = await cli(args, { input: Readable.from([input]), output, errors })
  return { code, output: output.written.join(''), errors: errors.written.join('') }
}
