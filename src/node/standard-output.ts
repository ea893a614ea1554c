import { toAscii } from '../text/ascii.ts'
import type { Terminal } from '../text/terminal.ts'

/**
 * Standard output as a terminal.
 *
 * Its colours are those that Node finds, which respects `NO_COLOR` (https://no-color.org) and `FORCE_COLOR`; where it is
 * no terminal but a file or a pipe, it has none, and text is UTF-8. Characters beyond ASCII are replaced where the
 * locale does not promise UTF-8.
 */
export function standardOutput({
  stdout,
  env,
  platform,
}: Pick<NodeJS.Process, 'stdout' | 'env' | 'platform'>) {
  const output: Terminal = {
    get isTTY() {
      return stdout.isTTY === true && env.TERM !== 'dumb'
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return stdout.columns || 80
    },
    get isUnicode() {
      return !stdout.isTTY || hasUnicode(env, platform)
    },
    get colors() {
      // An empty NO_COLOR means nothing, which Node has known since version 24 only.
      const { NO_COLOR, ...others } = env
      return output.isTTY ? (stdout.getColorDepth(NO_COLOR ? env : others) as Terminal['colors']) : 1
    },
    write: text => {
      stdout.write(output.isUnicode ? text : toAscii(text))
    },
  }
  return output
}

function hasUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  // All of Windows' terminals but its old console set one of these.
  if (platform === 'win32') return Boolean(env.WT_SESSION || env.TERM_PROGRAM || env.TERM)
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
}
