import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { convnetTs } from '../../support/command-line.ts'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const commands = ['predict', 'evaluate', 'summary', 'export']

describe('help', () => {
  test.each(['--help', '-h'])('of the program, by %s, names all commands', async flag => {
    const { code, output, errors } = await convnetTs([flag])
    expect([code, errors]).toEqual([0, ''])
    const listed = [...output.matchAll(/^ {2}convnet-ts ([a-z]+) [A-Z]/gm)].map(match => match[1])
    expect(listed).toEqual(commands)
  })

  test.each(commands)('of %s, wherever it is asked for', async name => {
    const { code, output, errors } = await convnetTs([name, 'model.safetensors', '--help'])
    expect([code, errors]).toEqual([0, ''])
    expect(output).toContain(`\n  convnet-ts ${name} MODEL`)
    expect(output).toContain('  --help ')
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(96)
  })

  test('is not refused for a value that it does not take', async () => {
    expect((await convnetTs(['summary', '--help=all'])).code).toBe(0)
  })

  test('is no option behind --', async () => {
    const { code, errors } = await convnetTs(['summary', '--', '--help'])
    expect([code, errors]).toEqual([1, 'convnet-ts: --help: there is no such file\n'])
  })
})

test('--version is that of the package', async () => {
  const file = fileURLToPath(new URL('../../../package.json', import.meta.url))
  const { version } = JSON.parse(readFileSync(file, 'utf8'))
  expect(await convnetTs(['--version'])).toEqual({ code: 0, output: `${version}\n`, errors: '' })
})

test.each([
  [[], 'there is no command; convnet-ts --help lists them'],
  [[''], 'there is no command; convnet-ts --help lists them'],
  [['--jsn'], 'there is no option --jsn, only --help, --version'],
  [['--', 'predict'], 'there is no option --, only --help, --version'],
  [['predcit'], 'there is no command predcit, only predict, evaluate, summary, export'],
  [['constructor'], 'there is no command constructor, only predict, evaluate, summary, export'],
  [['summary'], 'summary: MODEL is missing, expected MODEL'],
  [['evaluate', 'a'], 'evaluate: DATA is missing, expected MODEL DATA'],
  [['summary', 'a', 'b'], 'summary: b is too much, expected MODEL'],
  [['summary', '--jsn', 'a'], 'summary: there is no option --jsn, only --help'],
  [['predict', '--json=yes', 'a', 'b'], 'predict: --json is given yes, expected none'],
  [['predict', 'a', ''], 'predict: an argument is empty'],
  [['evaluate', '', 'b'], 'evaluate: an argument is empty'],
  [['predict', 'a', 'b', '--white', '1', '--white=2'], 'predict: --white is there twice, expected once'],
  [['export', 'a', '--onnx'], 'export: --onnx has no value, expected a file'],
  [['export', 'a', '--onnx', '--npz', 'b'], 'export: --onnx has no value, expected a file'],
])('%j is not understood: 2', async (args, message) => {
  expect(await convnetTs(args)).toEqual({ code: 2, output: '', errors: `convnet-ts: ${message}\n` })
})

describe('what goes wrong is told in one line', () => {
  test('for a file that is no model', async () => {
    const file = join(tempFolder(), 'model.safetensors')
    writeFileSync(file, 'no model')
    const { code, errors } = await convnetTs(['summary', file])
    expect(code).toBe(1)
    expect(errors).toMatch(/^convnet-ts: .*model\.safetensors: .+\n$/)
  })

  test('for a list of problems', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const bytes = readFileSync(file, 'latin1')
    writeFileSync(file, bytes.replaceAll('"dense/', '"dance/'), 'latin1')
    const { code, errors } = await convnetTs(['summary', file])
    expect(code).toBe(1)
    expect(errors).toMatch(
      /^convnet-ts: .*: tensor "dense\/kernel" is missing, .*; tensor "dense\/bias" .*\n$/,
    )
  })

  test('without what would command the terminal', async () => {
    const { errors } = await convnetTs(['summary', 'a\x1b[2J\nb'])
    expect(errors).toBe('convnet-ts: a b: there is no such file\n')
  })
})
