import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/*
 * Files that are being written are called BASE.PID-RANDOM: no two writers ever have the same, and what a killed process
 * has left is known by its PID.
 */

/** A name that is nobody else's, for a file that this process writes. */
export function ownFile(base: string): string {
  return `${base}.${process.pid}-${randomBytes(6).toString('hex')}`
}

/** The files of that base whose process has ended. */
export async function orphans(base: string): Promise<string[]> {
  const folder = dirname(base)
  const beginning = `${basename(base)}.`
  const found: string[] = []
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(beginning) && /^(\d+)-[0-9a-f]+$/.exec(name.slice(beginning.length))?.[1]
    if (pid && (await hasEnded(Number(pid), join(folder, name)))) found.push(join(folder, name))
  }
  return found
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
