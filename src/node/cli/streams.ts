import type { Terminal } from '../../text/terminal.ts'

/** What a command reads and writes beside files. */
export interface Streams {
  readonly input: AsyncIterable<Uint8Array>
  readonly output: Terminal
  /** For errors, and for what is shown while work goes on. */
  readonly errors: Terminal
}

/** A command, as `convnet-ts NAME ARGUMENTS` runs it. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string
  /**
   * @returns whether all of it succeeded; what did not, has been told
   * @throws ConvnetError for what ends the command
   */
  run(args: readonly string[], streams: Streams): Promise<boolean>
}
