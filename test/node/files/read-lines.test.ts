import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DataError } from '../../../src/errors.ts'
import { readLines } from '../../../src/node/files/read-lines.ts'
import { tempFolder } from '../../support/temp-folder.ts'

async function linesOf(content: string, progress: number[] = []): Promise<string[]> {
  const path = join(tempFolder(), 'lines')
  writeFileSync(path, content)
  const file = await open(path)
  const lines: string[] = []
  try {
    for await (const line of readLines(file, 'lines', bytes => progress.push(bytes))) lines.push(String(line))
  } finally {
    await file.close()
  }
  return lines
}

describe('readLines', () => {
  test('gives each line with its line feed', async () => {
    expect(await linesOf('a\n\nb\r\n')).toEqual(['a\n', '\n', 'b\r\n'])
    expect(await linesOf('')).toEqual([])
  })

  test('gives the last line a line feed where it has none', async () => {
    expect(await linesOf('a\nb')).toEqual(['a\n', 'b\n'])
  })

  test('puts lines together that reach over several reads, and tells how far it has come', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${'ä'.repeat(i * 997)}\n`)
    const content = lines.join('')
    const progress: number[] = []
    expect(await linesOf(content, progress)).toEqual(lines)
    expect(progress.length).toBeGreaterThan(10)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(Buffer.byteLength(content))
  })

  test('stops at a line without an end', async () => {
    const endless = `a\n${'1'.repeat(5 * 1024 * 1024)}`
    await expect(linesOf(endless)).rejects.toThrow(
      new DataError({ file: 'lines', row: 2 }, 'has no end within 4194304 bytes: is this a CSV file?'),
    )
  })
})
