import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ConvnetError, OptionError } from '../../errors.ts'
import { checkOptions, positive } from '../../options.ts'

/** Options of {@link svgToPng}. */
export interface SvgToPngOptions {
  /** Pixels of the PNG for each of the SVG's, in both directions. Default 2, which is sharp on most screens. */
  readonly scale?: number
}

/** More would take over 400 MB while they are drawn. */
const MAX_PIXELS = 100_000_000

const FAMILY = 'Source Sans 3'
const PACKAGES = ['@resvg/resvg-wasm', '@fontsource/source-sans-3']

/** Latin stands first, since that is what other scripts are added to. */
const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic']
const WEIGHTS = [400, 600]

/**
 * Draws an SVG as a PNG. It needs the packages `@resvg/resvg-wasm` and `@fontsource/source-sans-3`, which are optional
 * and loaded when this is first called.
 *
 * All text is set in Source Sans 3, on any machine the same: Latin, Greek and Cyrillic letters; others come out as empty
 * boxes. A picture of the theme `auto` comes out light; for a dark PNG, draw it with the theme `dark`. Images are
 * enlarged pixel by pixel, never smoothed.
 *
 * @returns the bytes of a PNG file
 * @throws ConvnetError where one of the two packages is not installed
 * @throws OptionError where the text is no SVG, or the PNG would have no pixels, or over 100 million
 * @example
 * const png = await svgToPng(imageGrid(images, { yTrue }), { scale: 3 })
 */
export async function svgToPng(svg: string, options: SvgToPngOptions = {}): Promise<Uint8Array> {
  const owner = 'svgToPng'
  checkOptions(owner, options, ['scale'])
  const scale = positive(owner, 'scale', options.scale ?? 2)
  if (typeof svg !== 'string') throw new OptionError(owner, 'svg', svg, 'a string')
  rendererOnce ??= loadRenderer()
  const drawing = parse(svg, scale, await rendererOnce)
  try {
    const [width, height] = [drawing.width, drawing.height].map(length => Math.floor(length * scale))
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      const size = `${drawing.width} × ${drawing.height}`
      throw new OptionError(owner, 'scale', scale, `1 to 100 million pixels in all for a picture of ${size}`)
    }
    const image = drawing.render()
    const png = image.asPng()
    image.free()
    return png
  } finally {
    drawing.free()
  }
}

/** @throws OptionError where it is no SVG */
function parse(svg: string, scale: number, { Resvg, fonts }: Renderer) {
  try {
    return new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      // It does not know `pixelated`, takes its default then, and this one means the same.
      imageRendering: 1,
      font: { fontBuffers: fonts, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
    })
  } catch (error) {
    throw new OptionError('svgToPng', 'svg', svg, `an SVG document (${error})`)
  }
}

type Renderer = Awaited<ReturnType<typeof loadRenderer>>

let rendererOnce: ReturnType<typeof loadRenderer> | null = null

async function loadRenderer() {
  try {
    const { resolve } = createRequire(import.meta.url)
    const [resvg, font] = PACKAGES
    const files = SCRIPTS.flatMap(script =>
      WEIGHTS.map(weight => `${font}/files/source-sans-3-${script}-${weight}-normal.woff2`),
    )
    const fonts = await Promise.all(files.map(file => readFile(resolve(file))))
    const wasm = await readFile(resolve(`${resvg}/index_bg.wasm`))
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
    await initWasm(wasm).catch((error: Error) => {
      // The program has used the package itself before.
      if (!error.message.startsWith('Already initialized')) throw error
    })
    return { Resvg, fonts }
  } catch (cause) {
    const install = `npm install ${PACKAGES.join(' ')}`
    throw new ConvnetError(`svgToPng: PNGs need two packages that cannot be loaded here: ${install}`, {
      cause,
    })
  }
}
