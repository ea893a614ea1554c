#!/usr/bin/env node
import '../host.ts'
import '../storage.ts'
import '../terminal.ts'
import { terminal } from '../../text/terminal.ts'
import { standardOutput } from '../standard-output.ts'
import { cli } from './cli.ts'

// `convnet-ts … | head`: nobody reads on, which is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))
}

const { env, platform, stderr } = process
process.exitCode = await cli(process.argv.slice(2), {
  input: process.stdin,
  output: terminal(),
  errors: standardOutput({ stdout: stderr as NodeJS.WriteStream as NodeJS.Process['stdout'], env, platform }),
})
