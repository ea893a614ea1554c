import { randomBytes } from 'node:crypto'
import { readdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/*
 * What has come of a download lies in FILE.part while nobody works on it. Who goes on with it first renames it to a name
 * of its own, FILE.part.PID-RANDOM: only one of several processes can succeed in that, so no two ever write to the same
 * file, and there is no lock that a killed process could leave behind.
 */

/**
 * Takes over what an earlier download of a file left, be it by failing or by being killed.
 *
 * @param file the path that the download is to have in the end, in a folder that exists
 * @returns the path to write to, which is nobody else's; there is a file only where one was taken over
 */
export async function claimPart(file: string): Promise<string> {
  const own = `${file}.part.${process.pid}-${randomBytes(6).toString('hex')}`
  const folder = dirname(file)
  const part = `${basename(file)}.part`
  for (const name of await readdir(folder)) {
    if (name !== part && !(name.startsWith(`${part}.`) && isOrphan(name.slice(part.length + 1)))) continue
    const claimed = await rename(join(folder, name), own).then(
      () => true,
      () => false, // Another process was quicker.
    )
    if (claimed) return own
  }
  return own
}

/** Leaves what was written to a claimed path, if anything, to the next download. */
export async function releasePart(own: string, file: string): Promise<void> {
  await rename(own, `${file}.part`).catch(() => {})
}

/** Whether the process that gave a part its name has ended. */
function isOrphan(owner: string): boolean {
  const pid = /^(\d+)-/.exec(owner)?.[1]
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0) // Signal 0 only asks.
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
