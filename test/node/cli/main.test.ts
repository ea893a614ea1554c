import { type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = ['--import', 'tsx', 'src/node/cli/main.ts']

const convnetTs = (args: readonly string[], input?: Uint8Array) =>
  spawnSync(process.execPath, [...program, ...args], { cwd: root, input, timeout: 30_000 })

describe('the program', () => {
  test('begins so that a shell runs it by Node, and is what the package says', () => {
    expect(readFileSync(join(root, program[2]), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(bin).toEqual({ 'convnet-ts': 'dist/node/cli/main.js' })
  })

  test('reads standard input, writes results to one stream and errors to the other, and ends by itself', async () => {
    const file = await savedIn(tempFolder(), stylist())
    const photo = encode({
      width: 9,
      height: 9,
      data: Uint8Array.from({ length: 81 }, (_, i) => i),
      channels: 1,
    })
    const { status, stdout, stderr } = convnetTs(['predict', file, '-', 'no-photo'], photo)
    expect(stderr.toString()).toBe('convnet-ts: no-photo: there is no such file\n')
    expect(stdout.toString()).toMatch(/^standard input\n {2}Ankle boot {2}50\.0 % ━+─+\n/)
    expect(status).toBe(1)
  })

  test('refuses what it does not understand with 2, without a stack trace', () => {
    const { status, stdout, stderr } = convnetTs(['predict', '--bad'])
    expect([status, stdout.toString()]).toEqual([2, ''])
    expect(stderr.toString()).toBe(
      'convnet-ts: predict: there is no option --bad, only --classes, --json, --show, --white, --help\n',
    )
  })

  test('ends quietly where nobody reads on', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const photo = join(folder, 'photo.png')
    writeFileSync(photo, encode({ width: 3, height: 3, data: new Uint8Array(9).fill(9), channels: 1 }))
    const args = [...program, 'predict', file, '--json', ...new Array(400).fill(photo)]
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let told = ''
    child.stderr.on('data', chunk => {
      told += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(told.replaceAll(/^convnet-ts: .*: nothing stands out from the background\n/gm, '')).toBe('')
  })

  describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
    const photo = encode({ width: 2, height: 1, data: Uint8Array.of(9, 200), channels: 1 })
    const run = (args: readonly string[], stdio: StdioOptions) =>
      spawnSync(process.execPath, [...program, ...args], { cwd: root, stdio, timeout: 30_000 })

    test('says that results cannot be written', () => {
      const full = openSync('/dev/full', 'w')
      const { status, stderr } = run(['--help'], ['ignore', full, 'pipe'])
      closeSync(full)
      const why = 'ENOSPC: no space left on device'
      expect(stderr.toString()).toBe(`convnet-ts: standard output: cannot be written (${why})\n`)
      expect(status).toBe(1)
    })

    test('has its results all the same where errors cannot be told', async () => {
      const folder = tempFolder()
      const file = await savedIn(folder, stylist())
      const path = join(folder, 'photo.png')
      writeFileSync(path, photo)
      const full = openSync('/dev/full', 'w')
      const { status, stdout } = run(['predict', file, 'no-photo', path], ['ignore', 'pipe', full])
      closeSync(full)
      expect(stdout.toString().split('\n')[0]).toBe(path)
      expect(status).toBe(1)
    })
  })
})
