import { drawImages, setTerminal, type Tensor, tensor, terminal } from 'convnet-ts'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { visibleWidth } from '../../../src/text/width.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { recorder } from '../../support/terminals.ts'

const before = terminal()
afterEach(() => setTerminal(before))

/** Five images of 2×2, each brighter than the one before. */
const five = tensor(
  Uint8Array.from({ length: 20 }, (_, i) => 60 * Math.floor(i / 4)),
  [5, 2, 2, 1],
)

test('stand side by side, as many as have room, over their captions', () => {
  setTerminal(recorder({ columns: 16 }))
  expect(drawImages(five, { captions: ['a', 'four', 'longer', 'x\ny', ''] }).split('\n')).toEqual([
    '      ::::  ====',
    '      ::::  ====',
    'a     four  lon…',
    '',
    '****  %%%%',
    '****  %%%%',
    'x',
    'y',
  ])
})

test('only so many as are asked for, from the first on', () => {
  setTerminal(recorder({ columns: 80 }))
  expect(drawImages(five, { count: 2 })).toBe('      ::::\n      ::::')
  expect(drawImages(five, { count: 3, columns: 1 })).toBe('\n\n\n::::\n::::\n\n====\n====')
  const many = tensor(new Uint8Array(100).fill(255), [100, 1, 1])
  expect(drawImages(many).split(/\s+/)).toHaveLength(36)
})

test('a list of images may have different sizes', () => {
  setTerminal(recorder({ columns: 20 }))
  const flat = tensor(new Uint8Array(3).fill(255), [1, 3])
  const high = tensor(new Float32Array(2).fill(1), [2, 1, 1])
  expect(drawImages([flat, high, flat], { captions: ['1', '2', '3'] }).split('\n')).toEqual([
    '@@@@@@  @@',
    '1       @@',
    '        2',
    '',
    '@@@@@@',
    '3',
  ])
})

test('are scaled down so that as many as asked for have room, but not beyond recognition', () => {
  const images = tensor(new Uint8Array(12 * 28 * 28).fill(200), [12, 28, 28])
  const first = (columns: number) => {
    setTerminal(recorder({ columns, colors: 24 }))
    const lines = drawImages(images, { columns: 6 }).split('\n')
    const drawn = lines[0].match(/▀+/g)!
    return [drawn.length, drawn[0].length, lines.indexOf('')]
  }
  expect(first(200)).toEqual([6, 28, 14])
  expect(first(120)).toEqual([6, 18, 9])
  expect(first(80)).toEqual([6, 11, 6])
  expect(first(50)).toEqual([5, 8, 4])
  expect(first(10)).toEqual([1, 10, 5])
  expect(first(3)).toEqual([1, 3, 2])
})

test('colours of a caption end with it, however short it is cut', () => {
  setTerminal(recorder({ columns: 4, colors: 8 }))
  const image = tensor(new Uint8Array(16), [1, 4, 4])
  expect(drawImages(image, { captions: ['\x1b[31m✗ Sneaker\x1b[39m'] }).split('\n')[2]).toBe(
    '\x1b[31m✗ S…\x1b[39m',
  )
})

test('what would command the terminal is left out of captions', () => {
  setTerminal(recorder())
  const captions = Array.from({ length: 5 }, (_, i) => `\x1b[2J\x1b[31mB${i}\x1b[0m\r\x07`)
  const drawn = drawImages(five, { captions })
  expect(drawn).toContain('\x1b[31mB0\x1b[0m')
  for (const command of ['[2J', '\r', '\x07']) expect(drawn).not.toContain(command)
})

test('no line is wider than the terminal', () => {
  const settings = fc.record({
    terminalColumns: fc.integer({ min: 1, max: 150 }),
    colors: fc.constantFrom(1 as const, 24 as const),
    width: fc.integer({ min: 1, max: 40 }),
    columns: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    captions: fc.array(fc.constantFrom('', 'Ankle boot', '運動靴\n靴'), { minLength: 7, maxLength: 7 }),
  })
  fc.assert(
    fc.property(settings, ({ terminalColumns, colors, width, columns, captions }) => {
      setTerminal(recorder({ columns: terminalColumns, colors }))
      const images = tensor(new Uint8Array(7 * 3 * width).fill(99), [7, 3, width, 1])
      const lines = drawImages(images, { captions, ...(columns && { columns }) }).split('\n')
      // A single pixel in ASCII is two letters wide.
      const room = Math.max(terminalColumns, colors === 1 ? 2 : 1)
      for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(room)
    }),
  )
})

test('refuses what are no images, and captions that are too few', () => {
  const draw = (given: unknown) => () => drawImages(given as Tensor<Uint8Array>)
  expectRefusal(
    draw('images'),
    'drawImages',
    'images',
    'expected a tensor, [n, H, W, 1], or a list of tensors',
  )
  expectRefusal(draw([five.pick(0), 7]), 'drawImages', 'images', 'expected a tensor of bytes')
  expect(draw(tensor(new Uint8Array(4), [2, 2]))).toThrow('drawImages: an image has the shape (2,), expected')
  expect(draw(tensor(Float32Array.of(0, 1, 2), [3, 1, 1]))).toThrow('images, row 3: a pixel is 2, expected')
  const options = (given: object) => () => drawImages(five, given)
  expectRefusal(options({ captions: ['a'] }), 'drawImages', 'captions', 'a text for each of 5 images')
  expectRefusal(options({ captions: [1, 2, 3, 4, 5] }), 'drawImages', 'captions', 'a text for each')
  expectRefusal(options({ columns: 0 }), 'drawImages', 'columns', 'a whole number of at least 1')
  expectRefusal(options({ count: 1.5 }), 'drawImages', 'count', 'a whole number of at least 1')
  expect(drawImages([])).toBe('')
})
