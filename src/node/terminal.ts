import { setTerminal } from '../text/terminal.ts'
import { standardOutput } from './standard-output.ts'

/** Importing this module is what chooses it. */
setTerminal(standardOutput(process))
