import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fashionMnist } from 'convnet-ts'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { runExample } from '../../support/example.ts'
import { hasRealData, realData } from '../../support/real-data.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const show = (...args: string[]) => runExample('fashion-mnist/show.ts', ...args)

describe.skipIf(!hasRealData)('show.ts', () => {
  test('shows an image with its index and label, in the terminal and as PNG', async () => {
    const out = join(tempFolder(), 'image.png')
    const { stdout, stderr, status } = show('--data', realData, '--index', '0', '--out', out)
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout).toMatch(/[#%@]{4}.*\nTraining image 0, label 9: Ankle boot\nWritten to /s)
    const { train } = await fashionMnist({ dir: realData })
    const { width, height, channels, data } = decode(readFileSync(out))
    // Somewhere in the picture is the brightest pixel of the image, enlarged.
    const brightest = train.images
      .pick(0)
      .data.subarray(0, 784)
      .reduce((a, b) => Math.max(a, b))
    expect(width).toBeGreaterThan(100)
    expect(height).toBeGreaterThan(100)
    const pixels = Array.from({ length: width * height }, (_, i) => data[channels * i])
    expect(pixels.filter(value => value === brightest).length).toBeGreaterThan(8)
    expect(pixels.filter(value => value === 0).length).toBeGreaterThan(500)
  })

  test('draws by its seed, another image for another seed', () => {
    const out = join(tempFolder(), 'image.svg')
    const found = ['1', '1', '2'].map(seed => show('--data', realData, '--seed', seed, '--out', out).stdout)
    expect(found[0]).toMatch(/Training image \d+, label \d: /)
    expect(found[1]).toBe(found[0])
    expect(found[2]).not.toBe(found[0])
  })

  test.each([
    [['--index', '60000'], 2, '--index is 60000, expected at most 59999'],
    [['--index', 'one'], 2, '--index is "one", expected a whole number of at least 0'],
    [['--number', '1'], 2, 'an option is "--number", expected one of --index'],
    [['--out', 'image.jpg'], 2, '.svg or .png'],
    [['--data', 'nowhere'], 2, '--data is "nowhere", expected a folder with Fashion-MNIST'],
  ])('refuses %s in one line', (args, code, message) => {
    const { stderr, status } = show(...(args[0] === '--data' ? [] : ['--data', realData]), ...args)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(status).toBe(code)
    expect(existsSync('image.jpg')).toBe(false)
  })
})
