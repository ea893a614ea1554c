import { drawImage, setTerminal, type Tensor, tensor, terminal } from 'convnet-ts'
import { afterEach, describe, expect, test } from 'vitest'
import { visibleWidth } from '../../../src/text/width.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { recorder } from '../../support/terminals.ts'

const before = terminal()
afterEach(() => setTerminal(before))

const image = tensor(Uint8Array.of(0, 255, 128, 0), [2, 2, 1])

describe('draws with what the terminal has:', () => {
  test.each([
    [{ colors: 24 }, '\x1b[38;2;0;0;0;48;2;128;128;128m▀\x1b[38;2;255;255;255;48;2;0;0;0m▀\x1b[0m'],
    [{ colors: 8 }, '\x1b[38;5;16;48;5;244m▀\x1b[38;5;231;48;5;16m▀\x1b[0m'],
    [{ colors: 4 }, '  @@\n++'],
    [{ colors: 1 }, '  @@\n++'],
    [{ colors: 24, isUnicode: false }, '  @@\n++'],
  ] as const)('%j', (features, expected) => {
    setTerminal(recorder(features))
    expect(drawImage(image)).toBe(expected)
  })
})

test('takes shades of grey with and without their axis, colours, floats, and views', () => {
  setTerminal(recorder())
  const bytes = Uint8Array.of(0, 255, 128, 0)
  expect(drawImage(tensor(bytes, [2, 2]))).toBe('  @@\n++')
  expect(drawImage(tensor(Float32Array.of(0, 1, 0.5, 0), [2, 2, 1]))).toBe('  @@\n++')
  expect(drawImage(tensor(bytes, [2, 2]).transpose(1, 0) as Tensor<Uint8Array>)).toBe('  ++\n@@')
  expect(drawImage(tensor(bytes, [2, 2]).step(1, -1) as Tensor<Uint8Array>)).toBe('@@\n  ++')
  const greys = [...bytes].flatMap(value => [value, value, value])
  expect(drawImage(tensor(Uint8Array.from(greys), [2, 2, 3]))).toBe('  @@\n++')
})

test('is never wider than the terminal, or than it is asked to be', () => {
  const large = tensor(new Uint8Array(28 * 28).fill(255), [28, 28])
  for (const columns of [1, 2, 7, 20, 27, 28, 29, 56, 80]) {
    for (const [colors, pixelWidth] of [
      [24, 1],
      [1, 2],
    ] as const) {
      setTerminal(recorder({ columns, colors }))
      const lines = drawImage(large).split('\n')
      const pixels = Math.max(1, Math.min(28, Math.floor(columns / pixelWidth)))
      for (const line of lines) expect(visibleWidth(line)).toBe(pixels * pixelWidth)
      expect(lines).toHaveLength(colors === 24 ? Math.ceil(pixels / 2) : pixels)
    }
  }
  setTerminal(recorder({ columns: 40, colors: 24 }))
  expect(visibleWidth(drawImage(large, { width: 10 }).split('\n')[0])).toBe(10)
  expect(visibleWidth(drawImage(tensor(new Uint8Array(50), [1, 50]), { width: 45 }))).toBe(40)
})

test('refuses what is no image', () => {
  const draw = (given: unknown) => () => drawImage(given as Tensor<Uint8Array>)
  expectRefusal(draw([[1, 2]]), 'drawImage', 'image', 'expected a tensor of bytes (Uint8Array) or floats')
  expectRefusal(draw(tensor(new Int32Array(4), [2, 2])), 'drawImage', 'image', 'expected a tensor of bytes')
  const shape = 'an image has the shape (2, 2, 2), expected [H, W], [H, W, 1] or [H, W, 3], none of them 0'
  expect(draw(tensor(new Uint8Array(8), [2, 2, 2]))).toThrow(`drawImage: ${shape}`)
  expect(draw(tensor(new Uint8Array(0), [0, 2]))).toThrow('the shape (0, 2)')
  expect(draw(tensor(new Float32Array([0, 255]), [1, 2]))).toThrow(
    'a pixel is 255, expected floats from 0 to 1',
  )
  expectRefusal(() => drawImage(image, { width: 0 }), 'drawImage', 'width', 'a whole number of at least 1')
  expectRefusal(() => drawImage(image, { scale: 2 } as object), 'drawImage', 'scale', 'options: width')
})
