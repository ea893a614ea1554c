import { rename } from 'node:fs/promises'
import { ownFile, ownFiles } from './own-file.ts'

/*
 * What has come of a download lies in FILE.part while nobody works on it. Who goes on with it first renames it to a name
 * of its own: only one of several processes can succeed in that, so no two ever write to the same file, and there is no
 * lock that a killed process could leave behind.
 */

/**
 * Takes over what an earlier download of a file left, be it by failing or by being killed.
 *
 * @param file the path that the download is to have in the end, in a folder that exists
 * @returns the path to write to, which is nobody else's; there is a file only where one was taken over
 */
export async function claimPart(file: string): Promise<string> {
  const part = `${file}.part`
  const own = ownFile(part)
  const orphans = (await ownFiles(part)).filter(({ isOrphan }) => isOrphan)
  for (const left of [part, ...orphans.map(({ path }) => path)]) {
    const claimed = await rename(left, own).then(
      () => true,
      () => false, // There is none, or another process was quicker.
    )
    if (claimed) break
  }
  return own
}

/** Leaves what was written to a claimed path, if anything, to the next download. */
export async function releasePart(own: string, file: string): Promise<void> {
  await rename(own, `${file}.part`).catch(() => {})
}
