#!/usr/bin/env node
import '../host.ts'
import '../storage.ts'
import '../terminal.ts'
import { terminal } from '../../text/terminal.ts'
import { standardOutput } from '../standard-output.ts'
import { cli } from './cli.ts'

process.stdout.on('error', error => {
  // `convnet-ts … | head`: nobody reads on, which is no error.
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`convnet-ts: standard output: cannot be written (${error.message.split(',', 1)[0]})\n`)
  process.exit(1)
})
// What cannot be told keeps no result from being written, and the exit code says it too.
process.stderr.on('error', () => {})

const { env, platform, stderr } = process
process.exitCode = await cli(process.argv.slice(2), {
  input: process.stdin,
  output: terminal(),
  errors: standardOutput({ stdout: stderr as NodeJS.WriteStream as NodeJS.Process['stdout'], env, platform }),
})
