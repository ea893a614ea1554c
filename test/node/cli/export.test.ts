import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Rescaling, Sequential } from 'convnet-ts'
import { toNpz, toOnnx, toStandaloneModule } from 'convnet-ts/export'
import { describe, expect, test } from 'vitest'
import { classNames } from '../../../src/data/fashion-mnist.ts'
import { convnetTs } from '../../support/command-line.ts'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('export', () => {
  test('writes the files that are asked for', async () => {
    const folder = tempFolder()
    const model = stylist()
    const file = await savedIn(folder, model)
    const [onnx, npz, standalone] = ['m.onnx', 'm.npz', 'm.mjs'].map(name => join(folder, name))
    const first = await convnetTs(['export', file, '--onnx', onnx])
    expect(first).toEqual({ code: 0, output: `Written: ${onnx} (32 kB)\n`, errors: '' })
    expect(readFileSync(onnx).equals(toOnnx(model))).toBe(true)
    expect(existsSync(npz)).toBe(false)

    const { code, output } = await convnetTs(['export', file, '--npz', npz, '--standalone', standalone])
    expect([code, output.split('\n').length]).toEqual([0, 3])
    expect(readFileSync(npz).equals(toNpz(model))).toBe(true)
    expect(readFileSync(standalone, 'utf8')).toBe(toStandaloneModule(model, { classNames }))
  })

  test('gives a module the names of --classes', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const target = join(folder, 'm.mjs')
    await convnetTs(['export', file, '--standalone', target, '--classes', 'a,b,c,d,e,f,g,h,i,j'])
    const { classNames: written } = await import(/* @vite-ignore */ target)
    expect(written).toEqual([...'abcdefghij'])
  })

  test('wants to be told what to write', async () => {
    const file = await savedIn(tempFolder(), stylist())
    const { code, errors } = await convnetTs(['export', file])
    expect(code).toBe(2)
    expect(errors).toBe(
      'convnet-ts: export: there is nothing to write, expected --onnx, --npz or --standalone\n',
    )
  })

  test.each([
    [['--onnx', '-'], '- is no file: nothing is written to standard output'],
    [
      ['--onnx', 'a', '--classes', 'b'],
      '--classes is there without --standalone, which alone has names in it',
    ],
  ])('refuses %j', async (options, message) => {
    const file = await savedIn(tempFolder(), stylist())
    const { code, errors } = await convnetTs(['export', file, ...options])
    expect([code, errors]).toEqual([2, `convnet-ts: export: ${message}\n`])
  })

  test('never replaces the model, nor one of the files that it writes by another', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const before = readFileSync(file)
    const link = join(folder, 'link')
    symlinkSync(file, link)
    for (const [model, target] of [
      [file, file],
      [file, relative('.', file)],
      [file, link],
      [link, file],
    ]) {
      const { code, errors } = await convnetTs(['export', model, '--npz', target])
      expect(code).toBe(2)
      expect(errors).toBe(`convnet-ts: export: ${target} is the model itself, expected another file\n`)
    }
    expect(readFileSync(file).equals(before)).toBe(true)
    const both = join(folder, 'both')
    const { code, errors } = await convnetTs(['export', file, '--npz', both, '--onnx', relative('.', both)])
    expect([code, existsSync(both)]).toEqual([2, false])
    expect(errors).toContain(`${both} is there twice, expected another file\n`)
  })

  test('writes a model that tells no classes apart', async () => {
    const folder = tempFolder()
    const model = new Sequential([new Rescaling({ scale: 2 })], { inputShape: [2, 2, 1] })
    const target = join(folder, 'm.mjs')
    const { code } = await convnetTs(['export', await savedIn(folder, model), '--standalone', target])
    expect([code, readFileSync(target, 'utf8')]).toEqual([0, toStandaloneModule(model)])
  })

  test('tells where it cannot write, and leaves what is there', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const nowhere = join(folder, 'none', 'm.onnx')
    const { code, errors } = await convnetTs(['export', file, '--onnx', nowhere])
    expect(code).toBe(1)
    expect(errors).toContain(`${nowhere}: cannot be written (there is no folder`)
    const kept = join(folder, 'kept.onnx')
    writeFileSync(kept, 'old')
    await convnetTs(['export', join(folder, 'no-model'), '--onnx', kept])
    expect(readFileSync(kept, 'utf8')).toBe('old')
  })
})
