import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { toAscii } from '../../src/text/ascii.ts'
import { kerasSummary } from '../../src/text/keras-table.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<!:)\/\/.*/g, '')

/** The code that can print; pictures and pages, which are no text for a terminal, have all of Unicode. */
const files = ['src', 'examples']
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(path => join(folder, path)),
  )
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.ts') && !/^src\/report\/(?!terminal)/.test(path))

test('every character beyond ASCII that the library or an example may print has one that stands for it', () => {
  expect(files.length).toBeGreaterThan(150)
  expect(files.filter(path => path.includes('draw-image.ts'))).toHaveLength(1)
  const found = new Map<string, string>()
  for (const path of files) {
    const code = withoutComments(readFileSync(join(root, path), 'utf8'))
    for (const [character] of code.matchAll(/[^\0-\x7f]/gu)) found.set(character, path)
  }
  expect([...found.keys()]).toEqual(expect.arrayContaining([...'━╸─┏✗×…']))
  const without = [...found].filter(([character]) => !/^[ -~]$/.test(toAscii(character)))
  expect(without).toEqual([])
})

test('a table keeps its columns', () => {
  const layers = [{ name: 'dense', type: 'Dense', outputShape: '(None, 10)', parameters: 7850 }]
  const summary = kerasSummary({ name: 'one', layers, totalParameters: 7850, columns: 40 })
  expect(toAscii(summary).split('\n').slice(1, 6)).toEqual([
    '+===============+==========+=======+',
    '| Layer (type)  | Output   | Param |',
    '|               | Shape    |     # |',
    '+===============+==========+=======+',
    '| dense (Dense) | (None,   | 7,850 |',
  ])
})

test('names and colours stay as they are', () => {
  expect(toAscii('Schönefeld 28×28 → 靴\x1b[32m━\x1b[0m\n')).toBe('Schönefeld 28x28 > 靴\x1b[32m=\x1b[0m\n')
})
