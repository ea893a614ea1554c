import type { ConvnetError } from '../../errors.ts'
import { printable } from '../../text/printable.ts'
import type { Streams } from './streams.ts'

/** Tells an error in one line; those of model files list what is wrong, one on a line. */
export function tell(error: ConvnetError, { errors }: Streams): void {
  const line = error.message
    .replace(/:\n- /g, ': ')
    .replace(/\n- /g, '; ')
    .replace(/\s*\n\s*/g, ' ')
  errors.write(`convnet-ts: ${printable(line)}\n`)
}
