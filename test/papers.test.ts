import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as library from 'convnet-ts'
import * as report from 'convnet-ts/report'
import { describe, expect, test } from 'vitest'
import { help } from '../examples/fashion-mnist/options.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const read = (path: string) => readFileSync(at(path), 'utf8')
const readme = read('README.md')

/** The different first groups of all matches, sorted. */
const all = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(match => match[1]))].sort()

describe.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])('%s', paper => {
  test('links to what is there', () => {
    const links = all(read(paper), /\]\(([^)]+)\)/g).filter(link => !link.startsWith('https://'))
    expect(links.filter(link => !existsSync(at(link)))).toEqual([])
  })
})

test('ARCHITECTURE.md gives the reason for each dependency, and for no other package', () => {
  const table = read('ARCHITECTURE.md').split('| at run time | why |')[1].split('\n\n')[0]
  const { dependencies } = JSON.parse(read('package.json'))
  const named = all(table.replace(/ \| .*/g, ''), /`([^`]+)`/g)
  expect(named).toEqual(Object.keys(dependencies).sort())
})

/** The names of an object's methods, inherited ones too. */
function methodsOf(object: object | null): string[] {
  return object === null
    ? []
    : [...Object.getOwnPropertyNames(object), ...methodsOf(Object.getPrototypeOf(object))]
}

describe('README.md', () => {
  test('names calls that exist, for those of the notebook', () => {
    const table = readme.split('## From the notebook')[1].split('\n\n')[1]
    const ours = table.split('\n').map(row => row.split(' | ')[1] ?? '')
    const called = all(ours.join('\n'), /\b([A-Za-z]\w*)\(/g)
    const known = [
      ...Object.keys(library),
      ...Object.keys(report),
      ...methodsOf(library.Sequential.prototype),
    ]
    const elsewhere = ['floor', 'lo', 'next']
    expect(called.length).toBeGreaterThan(25)
    expect(called.filter(name => !known.includes(name) && !elsewhere.includes(name))).toEqual([])
  })

  test("lists the example's options, and the scripts", () => {
    expect(all(readme, /^\| `(--[a-z-]+)/gm)).toEqual(all(help, /^ {2}(--[a-z-]+)/gm))
    const { scripts } = JSON.parse(read('package.json'))
    const listed = all(readme, /^\| `npm (?:run )?([a-z:]+)` \|/gm)
    expect(listed).toEqual(
      Object.keys(scripts)
        .filter(name => name !== 'prepack')
        .sort(),
    )
  })
})
