import { Dense, Sequential, UnsupportedLayerError } from 'convnet-ts'
import { unzipSync } from 'fflate'
import { describe, expect, test, vi } from 'vitest'
import { PReLU } from '../../examples/custom-layer.ts'
import { npy } from '../../src/io/npy.ts'
import { toNpz } from '../../src/io/npz.ts'
import { exportedModel } from '../support/exported-models.ts'
import { toyModel } from '../support/toy.ts'

describe('toNpz', () => {
  test('writes an array for each weight, under its path', () => {
    const model = toyModel()
    const weights = model.getWeights()
    const files = unzipSync(toNpz(model))
    expect(Object.keys(files)).toEqual(model.weightPaths.map(path => `${path}.npy`))
    expect(files).toEqual(
      Object.fromEntries(model.weightPaths.map((path, i) => [`${path}.npy`, npy(weights[i])])),
    )
  })

  test('does not compress, as numpy.savez', () => {
    const bytes = toNpz(toyModel())
    const compression: number[] = []
    unzipSync(bytes, { filter: file => compression.push(file.compression) > 0 })
    expect(compression).toEqual([0, 0, 0, 0])
  })

  test('gives the same bytes for the same weights, whenever it is called', () => {
    const before = toNpz(toyModel())
    vi.useFakeTimers({ now: new Date(2031, 5, 1) })
    try {
      expect(toNpz(toyModel())).toEqual(before)
    } finally {
      vi.useRealTimers()
    }
  })

  test('takes layers of your own, whose weights are arrays like others', () => {
    const { model } = exportedModel([new PReLU()], [4, 4, 3])
    expect(Object.keys(unzipSync(toNpz(model)))).toEqual(['p_re_lu/alpha.npy'])
  })

  test('refuses a name that an archive cannot say', () => {
    const named = (name: string) => new Sequential([new Dense({ units: 1, name })], { inputShape: [1] })
    const longest = 'é'.repeat(32_762) // With /kernel.npy, 65,535 bytes.
    expect(Object.keys(unzipSync(toNpz(named(longest))))[0]).toBe(`${longest}/kernel.npy`)
    expect(() => toNpz(named(`${longest}x`))).toThrow(UnsupportedLayerError)
  })
})
