import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Dense, Flatten, Rescaling, Sequential } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import { convnetTs } from '../../support/command-line.ts'
import { writeSmallSet } from '../../support/idx-files.ts'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A CSV file like Kaggle's, of images whose pixels are all 7. */
function writeTable(folder: string, labels: readonly number[]): string {
  const file = join(folder, 'garments.csv')
  const header = ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i + 1}`)]
  const rows = labels.map(label => [label, ...new Array(784).fill(7)])
  writeFileSync(file, `${[header, ...rows].map(row => row.join(',')).join('\n')}\n`)
  return file
}

/** −log of what the model gives classes 9, 9, 7 and 0: of 64 parts 32, 32, 16 and 1. */
const LOSS = (2 * Math.log(2) + Math.log(4) + Math.log(64)) / 4

describe('evaluate', () => {
  test('prints loss, accuracy, scores and confusion matrix of a CSV file', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const { code, output, errors } = await convnetTs(['evaluate', file, writeTable(folder, [9, 9, 7, 0])])
    expect([code, errors]).toEqual([0, ''])
    const lines = output.split('\n')
    expect(lines.slice(0, 3)).toEqual(['4 images', `Loss: ${LOSS.toFixed(4)}`, 'Accuracy: 0.5000'])
    expect(output).toContain('  Ankle boot       0.50      1.00      0.67         2\n')
    expect(output).toMatch(/^Ankle boot +0 +0 +0 +0 +0 +0 +0 +0 +0 +2$/m)
    expect(output).toMatch(/^Sneaker +0 +0 +0 +0 +0 +0 +0 +0 +0 +1$/m)
  })

  test('prints the same as JSON', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const { output } = await convnetTs(['evaluate', file, writeTable(folder, [9, 9, 7, 0]), '--json'])
    const { images, loss, accuracy, classes, confusionMatrix, macroAvg } = JSON.parse(output)
    expect([images, accuracy]).toEqual([4, 0.5])
    expect(loss).toBeCloseTo(LOSS, 5)
    expect(classes[9]).toEqual({ name: 'Ankle boot', precision: 0.5, recall: 1, f1: 2 / 3, support: 2 })
    expect(confusionMatrix.map((row: number[]) => row[9])).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 2])
    expect(macroAvg.recall).toBeCloseTo(0.1, 10)
  })

  test('weighs the parts of many images by their number', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const labels = Array.from({ length: 1500 }, (_, i) => (i < 1000 ? 9 : 7))
    const { output } = await convnetTs(['evaluate', file, writeTable(folder, labels), '--json'])
    const { loss, accuracy } = JSON.parse(output)
    expect(loss).toBeCloseTo((1000 * Math.log(2) + 500 * Math.log(4)) / 1500, 5)
    expect(accuracy).toBeCloseTo(2 / 3, 10)
  })

  test('reads the test images of a folder, without those for training', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    writeSmallSet(folder)
    rmSync(join(folder, 'train-images-idx3-ubyte'))
    const { code, output } = await convnetTs(['evaluate', file, folder, '--json'])
    expect(code).toBe(0)
    // Their labels are 4 and 1.
    expect(JSON.parse(output).loss).toBeCloseTo(Math.log(64), 5)
    rmSync(join(folder, 't10k-labels-idx1-ubyte'))
    const { code: failed, errors } = await convnetTs(['evaluate', file, folder])
    expect(failed).toBe(1)
    expect(errors).toContain(
      `${folder}: has no test images of Fashion-MNIST, expected fashion-mnist_test.csv, or`,
    )
  })

  test('does not need a loss, and makes of labels what a loss takes', async () => {
    const folder = tempFolder()
    const table = writeTable(folder, [9, 9, 7, 0])
    const silent = await convnetTs(['evaluate', await savedIn(folder, stylist({ loss: null })), table])
    expect(silent.output).toMatch(/^4 images\nAccuracy: 0\.5000\n/)
    const oneHot = await savedIn(folder, stylist({ loss: 'categoricalCrossentropy' }))
    const { output } = await convnetTs(['evaluate', oneHot, table, '--json'])
    expect(JSON.parse(output).loss).toBeCloseTo(LOSS, 5)
  })

  test('takes a single output for two classes', async () => {
    const folder = tempFolder()
    const layers = [
      new Rescaling({ scale: 1 / 255 }),
      new Flatten(),
      new Dense({ units: 1, activation: 'sigmoid' }),
    ]
    const model = new Sequential(layers, { inputShape: [28, 28, 1] })
    model.compile({ loss: 'binaryCrossentropy' })
    model.setWeights([new Float32Array(784), Float32Array.of(Math.log(3))])
    const file = await savedIn(folder, model)
    const { output } = await convnetTs(['evaluate', file, writeTable(folder, [1, 1, 1, 0]), '--json'])
    const { loss, classes } = JSON.parse(output)
    expect(loss).toBeCloseTo((3 * Math.log(4 / 3) + Math.log(4)) / 4, 5)
    expect(classes.map((each: { name: string }) => each.name)).toEqual(['class 0', 'class 1'])
  })

  test('refuses what is no such file, and labels that the model does not know', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist())
    const bad = join(folder, 'bad.csv')
    writeFileSync(bad, 'a,b\n1,2\n')
    expect(await convnetTs(['evaluate', file, bad])).toEqual({
      code: 1,
      output: '',
      errors: `convnet-ts: ${bad}, row 1: 2 columns, expected 785: label, pixel1 … pixel784\n`,
    })
    const missing = await convnetTs(['evaluate', file, join(folder, 'none')])
    expect(missing.errors).toBe(`convnet-ts: ${join(folder, 'none')}: there is no such file\n`)
    const three = new Sequential([new Flatten(), new Dense({ units: 3 })], { inputShape: [28, 28, 1] })
    const small = await savedIn(folder, three)
    const table = writeTable(folder, [2, 9])
    const { code, errors } = await convnetTs(['evaluate', small, table])
    expect(code).toBe(1)
    const expected = "expected those of the model's classes, 0 to 2"
    expect(errors).toBe(`convnet-ts: ${table}: has an image with the label 9, ${expected}\n`)
  })

  test('refuses a model of other images, of which as many pixels might make fewer', async () => {
    const folder = tempFolder()
    const file = await savedIn(folder, stylist({ loss: null, inputShape: [28, 28, 2] }))
    const { code, output, errors } = await convnetTs(['evaluate', file, writeTable(folder, [9, 9])])
    expect([code, output]).toEqual([1, ''])
    expect(errors).toContain(`${file}: the model takes rows of (28, 28, 2), expected grey images of 28×28: `)
  })
})
