import { setTerminal } from '../text/terminal.ts'

/** Progress of `fit` and of loading goes to standard output; importing this module is what chooses it. */
setTerminal({
  get isTTY() {
    return process.stdout.isTTY === true
  },
  get columns() {
    return process.stdout.columns ?? 80
  },
  write: text => {
    process.stdout.write(text)
  },
})
