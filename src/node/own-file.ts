import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
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
  const names = await readdir(folder)
  return names
    .filter(name => name.startsWith(beginning) && isOrphan(name.slice(beginning.length)))
    .map(name => join(folder, name))
}

function isOrphan(owner: string): boolean {
  const pid = /^(\d+)-[0-9a-f]+$/.exec(owner)?.[1]
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0) // Signal 0 only asks.
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
