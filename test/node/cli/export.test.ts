import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
