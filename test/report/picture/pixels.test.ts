import { expect, test } from 'vitest'
import { pixelImage } from '../../../src/report/picture/pixels.ts'
import { readHtml } from '../../support/html.ts'
import { readPicture } from '../../support/picture.ts'

test('an image is embedded as a PNG of the same pixels, to be enlarged without smoothing', () => {
  // All bytes, many times: long enough for every letter of Base64.
  const data = Uint8Array.from({ length: 3 * 40 * 30 }, (_, i) => (i * i) % 256)
  const image = pixelImage(
    { width: 40, height: 30, channels: 3, data },
    { x: 1, y: 2, width: 80, height: 20 },
  )
  const [{ attributes }] = readHtml(image)
  expect(attributes).toMatchObject({ preserveAspectRatio: 'none', style: 'image-rendering:pixelated' })
  const svg = `<svg width="9" height="9" viewBox="0 0 9 9"><desc></desc>${image}</svg>`
  const [{ png, ...box }] = readPicture(svg).images
  expect(box).toEqual({ x: 1, y: 2, width: 80, height: 20 })
  expect([png.width, png.height, png.channels]).toEqual([40, 30, 3])
  expect([...png.data]).toEqual([...data])
})
