import { createHash, randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/*
 * Files that are being written are called BASE.PID-RANDOM: no two writers ever have the same, and what a killed process
 * has left is known by its PID.
 */

/** A file that a process writes, or has left. */
export interface OwnFile {
  readonly path: string
  /** The process. */
  readonly pid: number
  /** Whether it has ended, so that nobody writes the file any more. */
  readonly isOrphan: boolean
}

/** Bytes that a base may have: file systems allow names of 255, some of 143, and a PID with its random part takes up to 24. */
const MAX_BASE_BYTES = 100

/** A name that is nobody else's, for a file that this process writes. */
export function ownFile(base: string): string {
  return `${shortened(base)}.${process.pid}-${randomBytes(6).toString('hex')}`
}

/** The files of that base that there are, whoever's they are. */
export async function ownFiles(base: string): Promise<OwnFile[]> {
  const folder = dirname(base)
  const beginning = `${basename(shortened(base))}.`
  const found: OwnFile[] = []
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(beginning) && /^(\d+)-[0-9a-f]+$/.exec(name.slice(beginning.length))?.[1]
    if (!pid) continue
    const path = join(folder, name)
    found.push({ path, pid: Number(pid), isOrphan: await hasEnded(Number(pid), path) })
  }
  return found
}

/** A base as it is or, where names made of it would be too long, its beginning with a hash of the whole behind it. */
function shortened(base: string): string {
  const name = basename(base)
  if (Buffer.byteLength(name) <= MAX_BASE_BYTES) return base
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16)
  return join(dirname(base), `${name.slice(0, 40).replace(/[^\x21-\x7e]/g, '_')}-${hash}`)
}

async function hasEnded(pid: number, file: string): Promise<boolean> {
  // A container gives each of its processes, one after the other, the same PID.
  if (pid === process.pid) return isOlderThanThisProcess(file)
  try {
    process.kill(pid, 0) // Signal 0 only asks.
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function isOlderThanThisProcess(file: string): Promise<boolean> {
  const changed = await stat(file).catch(() => null) // Another call may have renamed it meanwhile.
  return changed !== null && changed.mtimeMs < Date.now() - 1000 * process.uptime()
}
