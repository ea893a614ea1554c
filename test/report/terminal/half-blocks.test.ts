import { expect, test } from 'vitest'
import { halfBlocks } from '../../../src/report/terminal/half-blocks.ts'

const grey = (height: number, width: number, ...data: number[]) =>
  ({ height, width, channels: 1, data: Uint8Array.from(data) }) as const

test('a character is two pixels, one above the other', () => {
  expect(halfBlocks(grey(2, 2, 1, 2, 3, 4), 24)).toEqual([
    '\x1b[38;2;1;1;1;48;2;3;3;3m▀\x1b[38;2;2;2;2;48;2;4;4;4m▀\x1b[0m',
  ])
})

test('colours are named where they change', () => {
  expect(halfBlocks(grey(2, 3, 9, 9, 9, 5, 5, 5), 24)).toEqual(['\x1b[38;2;9;9;9;48;2;5;5;5m▀▀▀\x1b[0m'])
})

test('an odd height ends in a half row', () => {
  expect(halfBlocks(grey(3, 1, 1, 2, 3), 24)).toEqual([
    '\x1b[38;2;1;1;1;48;2;2;2;2m▀\x1b[0m',
    '\x1b[38;2;3;3;3m▀\x1b[0m',
  ])
})

test('red, green and blue', () => {
  const image = { height: 1, width: 2, channels: 3, data: Uint8Array.of(1, 2, 3, 250, 128, 0) } as const
  expect(halfBlocks(image, 24)).toEqual(['\x1b[38;2;1;2;3m▀\x1b[38;2;250;128;0m▀\x1b[0m'])
})

test.each([
  [[0, 0, 0], 16],
  [[255, 255, 255], 231],
  [[8, 8, 8], 232],
  [[128, 128, 128], 244],
  [[238, 238, 238], 255],
  [[95, 95, 95], 59],
  [[255, 0, 0], 196],
  [[0, 255, 0], 46],
  [[0, 0, 255], 21],
  [[250, 140, 10], 208],
])('of 256 colours, %j is nearest to %i', (data, index) => {
  const image = { height: 1, width: 1, channels: 3, data: Uint8Array.from(data) } as const
  expect(halfBlocks(image, 8)).toEqual([`\x1b[38;5;${index}m▀\x1b[0m`])
})

test('of 256 colours, no grey is nearer than the one that is taken', () => {
  const steps = [0, 95, 135, 175, 215, 255]
  const palette = [
    ...Array.from({ length: 6 }, (_, i) => [16 + 43 * i, steps[i]]),
    ...Array.from({ length: 24 }, (_, i) => [232 + i, 8 + 10 * i]),
  ]
  for (let value = 0; value < 256; value++) {
    const [line] = halfBlocks(grey(1, 1, value), 8)
    const index = Number(/38;5;(\d+)m/.exec(line)![1])
    const off = Math.abs(palette.find(([i]) => i === index)![1] - value)
    expect(off).toBe(Math.min(...palette.map(([, level]) => Math.abs(level - value))))
  }
})
