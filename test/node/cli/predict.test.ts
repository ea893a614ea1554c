import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Dense, Flatten, Rescaling, readIdx, Sequential } from 'convnet-ts'
import { encode } from 'fast-png'
import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { fromIdx } from '../../../src/data/labelled-images.ts'
import { random } from '../../../src/tensor/random.ts'
import { convnetTs } from '../../support/command-line.ts'
import { hasRealData, realData } from '../../support/real-data.ts'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A PNG with something dark on white. */
const photo = encode({
  width: 60,
  height: 50,
  data: Uint8Array.from({ length: 3000 }, (_, i) =>
    i % 60 > 20 && i % 60 < 40 && i > 600 && i < 2400 ? 30 : 255,
  ),
  channels: 1,
})

/** A folder with a model and two photos, as PNG and JPEG. */
async function shop(model = stylist()) {
  const folder = tempFolder()
  const [png, jpg] = [join(folder, 'a.png'), join(folder, 'b.jpg')]
  writeFileSync(png, photo)
  const data = new Uint8Array(4 * 64 * 64).fill(255)
  data.fill(0, 4000, 6000)
  writeFileSync(jpg, jpeg.encode({ width: 64, height: 64, data }, 90).data)
  return { folder, file: await savedIn(folder, model), png, jpg }
}

describe('predict', () => {
  test('prints the three classes that the model is surest of, with bars', async () => {
    const { file, png, jpg } = await shop()
    const lines = (bars: readonly string[]) => [
      `  Ankle boot  50.0 % ${bars[0]}`,
      `  Sneaker     25.0 % ${bars[1]}`,
      `  Sandal      12.5 % ${bars[2]}`,
    ]
    const whole = lines([
      `${'━'.repeat(15)}${'─'.repeat(15)}`,
      `${'━'.repeat(7)}╸${'─'.repeat(22)}`,
      `${'━'.repeat(4)}${'─'.repeat(26)}`,
    ])
    expect(await convnetTs(['predict', file, png, jpg])).toEqual({
      code: 0,
      output: [png, ...whole, jpg, ...whole, ''].join('\n'),
      errors: '',
    })
    const narrow = await convnetTs(['predict', file, png], { columns: 30 })
    expect(narrow.output).toContain('\n  Ankle boot  50.0 % ━━━━────\n')
    const coloured = await convnetTs(['predict', file, png], { isTTY: true, colors: 4 })
    expect(coloured.output).toContain('\x1b[32m━')
  })

  test('prints all classes as JSON, a line an image', async () => {
    const { file, png, jpg } = await shop()
    const { output } = await convnetTs(['predict', file, '--json', png, jpg])
    const [first, second, ...rest] = output.split('\n')
    expect(rest).toEqual([''])
    const { image, classes } = JSON.parse(first)
    expect(image).toBe(png)
    expect(classes.map((each: { class: number }) => each.class)).toEqual([9, 7, 5, 8, 0, 1, 2, 3, 4, 6])
    expect(classes[1]).toEqual({ class: 7, name: 'Sneaker', share: expect.closeTo(0.25, 6) })
    expect(JSON.parse(second).image).toBe(jpg)
  })

  test('goes on behind images that it cannot read, and exits with 1', async () => {
    const { file, folder, png, jpg } = await shop()
    const text = join(folder, 'text.png')
    writeFileSync(text, 'text')
    const { code, output, errors } = await convnetTs([
      'predict',
      file,
      text,
      png,
      folder,
      join(folder, 'none'),
      jpg,
    ])
    expect(code).toBe(1)
    expect(output.match(/^\/.*|^[A-Z]:.*/gm)).toEqual([png, jpg])
    expect(errors.split('\n')).toEqual([
      `convnet-ts: ${text}: begins with the bytes 74 65 78 74, expected a PNG or JPEG file`,
      `convnet-ts: ${folder}: is a folder, a pipe or a device, expected a file`,
      `convnet-ts: ${join(folder, 'none')}: there is no such file`,
      '',
    ])
  })

  test('reads one image from standard input', async () => {
    const { file } = await shop()
    const { code, output } = await convnetTs(['predict', file, '-'], { input: photo })
    expect(code).toBe(0)
    expect(output).toMatch(/^standard input\n {2}Ankle boot /)
    const broken = await convnetTs(['predict', file, '-'], { input: photo.subarray(0, 50) })
    expect(broken).toMatchObject({ code: 1, output: '' })
    expect(broken.errors).toBe('convnet-ts: standard input: cannot be read as an image (it ends too early)\n')
    const twice = await convnetTs(['predict', file, '-', '-'], { input: photo })
    expect(twice.code).toBe(2)
  })

  test('says where a photo shows nothing', async () => {
    const { file } = await shop()
    for (const [width, height] of [
      [500, 300],
      [1, 1],
    ]) {
      const white = encode({ width, height, data: new Uint8Array(width * height).fill(255), channels: 1 })
      const { code, output, errors } = await convnetTs(['predict', file, '-'], { input: white })
      expect(code).toBe(0)
      expect(output).toContain('Ankle boot  50.0 %')
      expect(errors).toBe('convnet-ts: standard input: nothing stands out from the background\n')
    }
  })

  test('says what it is doing where there is a terminal, and wipes that away', async () => {
    const { file, png } = await shop()
    const written: string[] = []
    const { cli } = await import('../../../src/node/cli/cli.ts')
    const terminal = { isTTY: true, columns: 200, isUnicode: true, colors: 1 as const }
    const errors = { ...terminal, write: (text: string) => void written.push(text) }
    const output = { ...terminal, write: (text: string) => void written.push(text) }
    await cli(['predict', file, png], { input: process.stdin, output, errors })
    expect(written.slice(0, 2)).toEqual([`${png} (1 of 1)\x1b[K\r`, '\x1b[K'])
    expect(written[2].startsWith(`${png}\n`)).toBe(true)
  })

  test('takes names from a list or a file', async () => {
    const { file, folder, png } = await shop()
    const names = ['a', 'b', 'c', 'd', 'e', 'slipper', 'g', 'trainer', 'i', 'boot\x07']
    const list = await convnetTs(['predict', file, png, '--classes', names.join(',')])
    expect(list.output.match(/\S+(?= +\d\d\.\d %)/g)).toEqual(['boot', 'trainer', 'slipper'])
    const path = join(folder, 'names.txt')
    writeFileSync(path, `${names.join('\r\n')}\n`)
    expect((await convnetTs(['predict', file, png, '--classes', path])).output).toBe(list.output)
    expect(await convnetTs(['predict', file, png, '--classes', 'shoe,boot'])).toEqual({
      code: 2,
      output: '',
      errors: 'convnet-ts: predict: --classes has 2 names, expected 10, one for each class\n',
    })
    for (const [wrong, found] of [
      ['a,b,c,d,e,f,g,h,i,', 'an empty name, expected one for each class'],
      ['a,b,c,d,e,f,g,h,i, c', 'c twice, expected another name for each class'],
    ]) {
      const { code, errors } = await convnetTs(['predict', file, png, '--classes', wrong])
      expect([code, errors]).toEqual([2, `convnet-ts: predict: --classes has ${found}\n`])
    }
    const missing = await convnetTs(['predict', file, png, '--classes', 'shoes'])
    expect([missing.code, missing.errors]).toEqual([1, 'convnet-ts: shoes: there is no such file\n'])
  })

  test("has Fashion-MNIST's names for models without an axis for the one channel, too", async () => {
    const { file, png } = await shop(stylist({ inputShape: [28, 28] }))
    expect((await convnetTs(['predict', file, png])).output).toContain('\n  Ankle boot  50.0 % ')
    const { file: larger, png: photo } = await shop(stylist({ inputShape: [29, 28, 1] }))
    expect((await convnetTs(['predict', larger, photo])).output).toContain('\n  class 9  50.0 % ')
  })

  test('refuses outputs that are no numbers, and goes on', async () => {
    const model = new Sequential([new Flatten(), new Dense({ units: 2 })], { inputShape: [28, 28, 1] })
    model.setWeights([new Float32Array(1568).fill(1), Float32Array.of(0, 0)])
    const { file, png, jpg } = await shop(model)
    const { code, output, errors } = await convnetTs(['predict', file, png, jpg, '--white', '1e38'])
    expect([code, output]).toEqual([1, ''])
    const why = 'the model gives NaN or infinity for it'
    expect(errors).toBe(`convnet-ts: ${png}: ${why}\nconvnet-ts: ${jpg}: ${why}\n`)
  })

  test('draws what the model is given', async () => {
    const { file, png } = await shop()
    const { output } = await convnetTs(['predict', file, '--show', png])
    // The object is 19 × 30 pixels: 18 × 28.
    expect(output.split('\n').slice(0, 28)).toEqual(new Array(28).fill(`${' '.repeat(10)}${'%%'.repeat(18)}`))
    expect((await convnetTs(['predict', file, '--show', '--json', png])).code).toBe(2)
  })

  test('refuses a model of other rows', async () => {
    const { folder, png } = await shop()
    const numbers = await savedIn(folder, new Sequential([new Dense({ units: 2 })], { inputShape: [5] }))
    const { code, errors } = await convnetTs(['predict', numbers, png])
    expect(code).toBe(1)
    expect(errors).toBe(
      `convnet-ts: ${numbers}: the model takes rows of (5,), expected images of one channel or three\n`,
    )
  })
})

describe('the pixels that a model is given', () => {
  /** A model whose output is the mean of its pixels, as they come, over 510, and what is left of that to 1. */
  function meter(
    inputShape: readonly number[],
    whitest: number,
    first: readonly Rescaling[] = [],
  ): Sequential {
    const model = new Sequential([...first, new Flatten(), new Dense({ units: 2 })], { inputShape })
    const size = inputShape.reduce((product, length) => product * length, 1)
    const kernel = Float32Array.from(
      { length: 2 * size },
      (_, i) => (i % 2 === 0 ? 1 : -1) / (2 * whitest * size),
    )
    model.setWeights([kernel, Float32Array.of(0, 1)])
    return model
  }

  /** The first class's share, of a photo that is black on the left, where it is no background, and white on the right. */
  async function measure(model: Sequential, ...options: string[]): Promise<number> {
    const folder = tempFolder()
    const data = Uint8Array.from({ length: 40 * 20 }, (_, i) => (i % 40 >= 10 && i % 40 < 20 ? 0 : 255))
    const input = encode({ width: 40, height: 20, data, channels: 1 })
    const file = await savedIn(folder, model)
    const { output } = await convnetTs(['predict', file, '--json', '-', ...options], { input })
    const { classes } = JSON.parse(output) as { classes: { class: number; share: number }[] }
    return classes.find(each => each.class === 0)!.share
  }

  test('are bytes where it begins with a Rescaling, else from 0 to 1, or to what --white says', async () => {
    // Trimmed, 10 × 20 black pixels are half of the image, bright.
    expect(await measure(meter([20, 20, 1], 1))).toBeCloseTo(0.25, 5)
    expect(await measure(meter([20, 20], 1))).toBeCloseTo(0.25, 5)
    expect(await measure(meter([20, 20, 1], 1, [new Rescaling({ scale: 1 / 255 })]))).toBeCloseTo(0.25, 5)
    expect(await measure(meter([20, 20, 1], 255), '--white', '255')).toBeCloseTo(0.25, 5)
    expect(await measure(meter([20, 20, 1], 1), '--white', '0.5')).toBeCloseTo(0.125, 5)
  })

  test('are colours where it takes three channels, neither trimmed nor inverted', async () => {
    // 3 of 4 columns are white, and so is all above and below.
    expect(await measure(meter([40, 40, 3], 1))).toBeCloseTo(0.5 * (1 - 0.25 / 2), 3)
  })

  test.each(['0', '-1', 'x', 'Infinity'])('cannot have %s for white', async white => {
    const file = await savedIn(tempFolder(), stylist())
    const { code, errors } = await convnetTs(['predict', file, '-', `--white=${white}`])
    expect(code).toBe(2)
    expect(errors).toBe(`convnet-ts: predict: --white is ${white}, expected a number above 0\n`)
  })
})

test.skipIf(!hasRealData)(
  'of real photos, larger, light, noisy and beside the middle, tells nearly as many as of the images themselves',
  async () => {
    const read = async (images: string, labels: string) =>
      fromIdx(await readIdx(realData + images), await readIdx(realData + labels), { images, labels })
    const train = await read('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz')
    const { images, labels } = await read('t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz')
    const model = buildModel(experiments[0], 1)
    await model.fit(train.images.hi(6000), train.labels.subarray(0, 6000), {
      batchSize: 32,
      epochs: 3,
      verbose: 0,
    })
    const folder = tempFolder()
    const file = await savedIn(folder, model)

    const count = 150
    const next = random(1, 'photos')
    const paths = Array.from({ length: count }, (_, i) => {
      const path = join(folder, `${i}.${i % 2 === 0 ? 'png' : 'jpg'}`)
      writeFileSync(path, i % 2 === 0 ? asPng(i) : asJpeg(i))
      return path
    })
    const { code, output } = await convnetTs(['predict', file, '--json', ...paths])
    expect(code).toBe(0)
    const told = output
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).classes[0].class)
    const share = (predicted: ArrayLike<number>) =>
      labels.subarray(0, count).filter((label, i) => predicted[i] === label).length / count
    const asTheyAre = share(model.predictClasses(images.hi(count)))
    expect(asTheyAre).toBeGreaterThan(0.8)
    expect(share(told)).toBeGreaterThan(asTheyAre - 0.04)

    /** Seven times as large, and dark on light. */
    function asPng(i: number) {
      const data = Uint8Array.from({ length: 196 * 196 }, (_, k) =>
        light(images.get(i, Math.floor(k / 196 / 7), Math.floor((k % 196) / 7), 0)),
      )
      return encode({ width: 196, height: 196, data, channels: 1 }, { zlib: { level: 1 } })
    }

    /** Five times as large, to the right in a photo of 300 × 180. */
    function asJpeg(i: number) {
      const data = new Uint8Array(4 * 300 * 180).fill(255)
      for (let k = 0; k < 300 * 180; k++) {
        const [x, y] = [Math.floor(((k % 300) - 130) / 5), Math.floor((Math.floor(k / 300) - 8) / 5)]
        const isInside = x >= 0 && x < 28 && y >= 0 && y < 28
        data.fill(light(isInside ? images.get(i, y, x, 0) : 0), 4 * k, 4 * k + 3)
      }
      return jpeg.encode({ width: 300, height: 180, data }, 85).data
    }

    function light(value: number): number {
      return Math.max(0, Math.min(255, 253 - (253 * value) / 255 + 16 * (next() + next() - 1)))
    }
  },
)
