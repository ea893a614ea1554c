import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readBenchOptions } from '../../bench/options.ts'
import { stepFlops } from '../../bench/support/flops.ts'
import { notebookGeometry } from '../../bench/support/geometries.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'convnet-ts-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `npm run bench` with this Node. */
function bench(...args: string[]) {
  const command = ['--import', 'tsx', 'bench/main.ts', ...args]
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
}

test('a rehearsal of the peak: tables, progress, JSON and Markdown', () => {
  const [json, markdown] = ['bench.json', 'bench.md'].map(name => join(folder, name))
  const { status, stdout, stderr } = bench('--quick', 'peak', '--json', json, '--markdown', markdown)
  expect(stderr).toContain('bench: peak: Node')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^A rehearsal, whose figures tell nothing. .*Node \d+\.\d+\.\d+ \(V8 /)
  expect(stdout).toMatch(/^mode +threads +GFLOP\/s +tile$/m)
  const major = process.versions.node.split('.')[0]
  const { quick, machine, answers } = JSON.parse(readFileSync(json, 'utf8'))
  expect(quick).toBe(true)
  expect(machine.engines[0]).toContain(`Node ${process.versions.node}`)
  const { measured, tables } = answers.peak
  expect(measured.length % 2).toBe(0)
  for (const [i, { threads, gflops, tile, mode }] of measured.entries()) {
    expect(threads).toBe(1 + (i % 2))
    expect(gflops).toBeGreaterThan(0.5)
    expect(tile).toMatch(/^[456]x(8|16), [14] a turn$/)
    expect(String(mode.engine.major)).toBe(major)
    expect(tables[0].rows[i].slice(1)).toEqual([threads, gflops, tile])
  }
  expect(readFileSync(markdown, 'utf8')).toContain(`Node ${process.versions.node}`)
})

test('a rehearsal of the profile: the kernels of a step do all its work, and take no longer than it', () => {
  const json = join(folder, 'profile.json')
  const { status, stdout } = bench('--quick', 'profile', '--json', json)
  expect(status).toBe(0)
  const { measured, tables } = JSON.parse(readFileSync(json, 'utf8')).answers.profile
  const [{ seconds, flops, parts }] = measured
  const total = (field: string) =>
    parts.reduce((sum: number, part: { [field: string]: number }) => sum + part[field], 0)
  expect(flops).toBe(512 * stepFlops(notebookGeometry(32, 32)))
  expect(total('flops')).toBe(flops)
  expect(total('seconds')).toBeGreaterThan(0)
  expect(total('seconds')).toBeLessThan(seconds)
  expect(tables[0].rows.at(-1).slice(0, 3)).toEqual(['the whole step', 1000 * seconds, '100 %'])
  expect(stdout).toMatch(/^denseBackwardWeights 5408→32 +[\d.]+ +\d+ % +[\d.]+ +\d+ % +[\d.]+$/m)
})

test('a question that there is not', () => {
  const { status, stderr } = bench('speed')
  expect(status).toBe(2)
  expect(stderr).toContain('"speed"')
})

test('--help', () => {
  const { status, stdout } = bench('--help')
  expect(status).toBe(0)
  for (const name of ['peak', 'bits', '--json', '--markdown', '--quick']) expect(stdout).toContain(name)
})

test('options', () => {
  const known = ['peak', 'kernels']
  const none = { names: known, json: undefined, markdown: undefined, quick: false, help: false }
  expect(readBenchOptions([], known)).toEqual(none)
  expect(readBenchOptions(['kernels', '--json', 'a', '--markdown', 'b', '--quick'], known)).toEqual({
    names: ['kernels'],
    json: 'a',
    markdown: 'b',
    quick: true,
    help: false,
  })
  expect(() => readBenchOptions(['--speed'], known)).toThrow(
    "npm run bench: Unknown option '--speed'; see npm run bench -- --help",
  )
  expect(() => readBenchOptions(['--json'], known)).toThrow('--json')
})
