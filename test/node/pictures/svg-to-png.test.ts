import { decode } from 'fast-png'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConvnetError, OptionError } from '../../../src/errors.ts'
import { svgToPng } from '../../../src/node/pictures/svg-to-png.ts'
import { label, picture } from '../../../src/report/picture/picture.ts'
import { pixelImage } from '../../../src/report/picture/pixels.ts'
import type { Theme } from '../../../src/report/picture/theme.ts'

const draw = (theme: Theme, ...content: readonly string[]) =>
  picture({ title: '', description: '', width: 240, height: 60, theme }, ...content)

/** A drawn picture, to ask for its pixels. */
async function drawn(svg: string, scale?: number) {
  const { width, height, channels, data } = decode(await svgToPng(svg, scale === undefined ? {} : { scale }))
  expect(channels).toBe(4)
  const at = (x: number, y: number) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)]
  /** How much is darker than the surface. */
  const ink = () => {
    let sum = 0
    for (let i = 0; i < data.length; i += 4) sum += 255 - data[i]
    return sum
  }
  return { width, height, at, ink, data }
}

describe('svgToPng', () => {
  afterEach(() => vi.doUnmock('@resvg/resvg-wasm'))

  test('draws in the scale that is asked for, two by default', async () => {
    const svg = draw('light')
    expect(await drawn(svg)).toMatchObject({ width: 480, height: 120 })
    expect(await drawn(svg, 1)).toMatchObject({ width: 240, height: 60 })
    expect(await drawn(svg, 0.5)).toMatchObject({ width: 120, height: 30 })
  })

  test("paints a picture in its own theme, and light where that is the reader's choice", async () => {
    const surface = async (theme: Theme) => (await drawn(draw(theme))).at(5, 5)
    expect(await surface('light')).toEqual([255, 255, 255])
    expect(await surface('auto')).toEqual([255, 255, 255])
    expect(await surface('dark')).toEqual([20, 24, 29])
  })

  test('shows the pixels of an image as squares with sharp edges', async () => {
    const pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(200, 100, 0, 0, 50, 250) } as const
    const { at } = await drawn(draw('light', pixelImage(pixels, { x: 10, y: 20, width: 20, height: 10 })), 2)
    for (const x of [20, 30, 39]) expect(at(x, 50)).toEqual([200, 100, 0])
    for (const x of [40, 50, 59]) expect(at(x, 50)).toEqual([0, 50, 250])
    expect([at(19, 50), at(60, 50), at(30, 39), at(30, 60)]).toEqual(Array(4).fill([255, 255, 255]))
  })

  test('sets text, and titles in bold', async () => {
    const text = (weight: number) =>
      drawn(draw('light', label('Ankle boot', { x: 10, y: 40, 'font-weight': weight })))
    const [regular, bold] = [await text(400), await text(600)]
    expect(regular.ink()).toBeGreaterThan(10_000)
    expect(bold.ink()).toBeGreaterThan(1.15 * regular.ink())
  })

  test('has a letter for each character that pictures use, and for other languages', async () => {
    const shape = async (text: string) => {
      const { data } = await drawn(draw('light', label(text, { x: 10, y: 40 })))
      return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
    }
    const box = await shape('\u{e000}')
    expect(await shape('\u{e001}')).toBe(box)
    const shapes = await Promise.all([...'−×–—…·%/ö€łΩЖ'].map(shape))
    expect(shapes).not.toContain(box)
    expect(new Set(shapes).size).toBe(13)
  })

  test('refuses what it cannot draw', async () => {
    const refusal = async (svg: string, options = {}) => {
      const error = await svgToPng(svg, options).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(OptionError)
      return (error as OptionError).message
    }
    expect(await refusal('no svg')).toMatch(/^svgToPng: svg is "no svg", expected an SVG document \(.+\)$/)
    expect(await refusal(new Uint8Array() as never)).toContain('expected a string')
    expect(await refusal(draw('light'), { scale: 0 })).toContain(
      'scale is 0, expected a finite number above 0',
    )
    expect(await refusal(draw('light'), { scale: 100 })).toContain('1 to 100 million pixels in all')
    expect(await refusal(draw('light'), { scale: 1e-9 })).toContain('for a picture of 240 × 60')
    expect(await refusal(draw('light'), { theme: 'dark' })).toContain('no option of this name')
    // It still draws after that.
    expect(await drawn(draw('light'))).toMatchObject({ width: 480 })
  })

  test('draws where the program has used the package itself before', async () => {
    vi.resetModules()
    const again = await import('../../../src/node/pictures/svg-to-png.ts')
    expect(decode(await again.svgToPng(draw('light'))).width).toBe(480)
  })

  test('says what to install where a package is missing', async () => {
    vi.resetModules()
    vi.doMock('@resvg/resvg-wasm', () => {
      throw new Error('not found')
    })
    const without = await import('../../../src/node/pictures/svg-to-png.ts')
    const error = await without.svgToPng(draw('light')).catch((thrown: Error) => thrown)
    expect((error as Error).constructor.name).toBe(ConvnetError.name)
    expect((error as Error).message).toContain('npm install @resvg/resvg-wasm @fontsource/source-sans-3')
  })
})
