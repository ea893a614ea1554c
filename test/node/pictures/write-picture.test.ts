import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { DataError, OptionError } from '../../../src/errors.ts'
import { writePicture } from '../../../src/node/pictures/write-picture.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><text>größer</text></svg>'

describe('writePicture', () => {
  test('writes SVG or PNG, as the name ends', async () => {
    const folder = tempFolder()
    await writePicture(join(folder, 'a.svg'), svg)
    await writePicture(join(folder, 'b.PNG'), svg)
    expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe(svg)
    expect(decode(readFileSync(join(folder, 'b.PNG')))).toMatchObject({ width: 60, height: 40 })
    expect(readdirSync(folder).sort()).toEqual(['a.svg', 'b.PNG'])
  })

  test('refuses other endings', async () => {
    for (const file of ['a.jpg', 'svg', join(tempFolder(), 'a.svg.txt')]) {
      await expect(writePicture(file, svg)).rejects.toThrow(OptionError)
      await expect(writePicture(file, svg)).rejects.toThrow('a name that ends in .svg or .png')
    }
  })

  test('refuses what is no SVG, whatever it was to become', async () => {
    const folder = tempFolder()
    for (const file of ['a.svg', 'a.png']) {
      for (const wrong of ['text', Promise.resolve(svg), undefined]) {
        const written = writePicture(join(folder, file), wrong as string)
        await expect(written).rejects.toThrow(OptionError)
        await expect(written).rejects.toThrow(': svg is ')
      }
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test('names the file that cannot be written', async () => {
    const folder = join(tempFolder(), 'nowhere')
    const file = join(folder, 'a.svg')
    await expect(writePicture(file, svg)).rejects.toThrow(DataError)
    await expect(writePicture(file, svg)).rejects.toThrow(
      `${file}: cannot be written (there is no folder ${folder})`,
    )
  })
})
