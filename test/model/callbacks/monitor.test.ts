import { EarlyStopping, OptionError, type Sequential } from 'convnet-ts'
import { describe, expect, test } from 'vitest'
import type { FitParams } from '../../../src/model/callbacks/callback.ts'
import { Monitor } from '../../../src/model/callbacks/monitor.ts'
import { expectSameBits } from '../../support/compare.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const monitor = (name: string, mode: 'auto' | 'min' | 'max' = 'auto', minDelta = 0) =>
  new Monitor('Watcher', { monitor: name, mode }, minDelta)

describe('the mode', () => {
  test.each([
    ['loss', false],
    ['valLoss', false],
    ['meanSquaredError', false],
    ['accuracy', true],
    ['valAccuracy', true],
    ['acc', true],
    ['valAuc', true],
    ['topAUC', true],
  ])('of %s is told by its name', (name, isMax) => {
    expect(monitor(name).isBetter(2, 1)).toBe(isMax)
    expect(monitor(name).isBetter(1, 2)).toBe(!isMax)
  })

  test.each(['f1', 'score', 'accuracyLoss'])('of %s must be given', name => {
    expectRefusal(() => monitor(name), 'Watcher', 'mode', `"min" or "max", since the name "${name}"`)
    expect(monitor(name, 'max').isBetter(2, 1)).toBe(true)
    expect(monitor(name, 'min').isBetter(2, 1)).toBe(false)
  })
})

test('better is by more than minDelta, and anything is better than nothing', () => {
  for (const [mode, sign] of [
    ['max', 1],
    ['min', -1],
  ] as const) {
    const exact = monitor('score', mode, 0.25)
    expect(exact.isBetter(sign * 1.25, sign)).toBe(false)
    expect(exact.isBetter(sign * 1.375, sign)).toBe(true)
    expect(exact.isBetter(sign * -1e9, null)).toBe(true)
    expect(monitor('score', mode).isBetter(sign, sign)).toBe(false)
  }
})

describe('a name that the epochs do not have is refused', () => {
  const params: FitParams = { epochs: 1, steps: 1, rows: 1, batchSize: 1, names: ['loss', 'accuracy'] }
  const validated = { ...params, names: [...params.names, 'valLoss', 'valAccuracy'] }

  test.each([
    ['val_loss', validated, 'expected "valLoss" (this fit has "loss", "accuracy", "valLoss", "valAccuracy")'],
    ['val_loss', params, 'expected "valLoss"'],
    ['Accuracy', params, 'expected "accuracy"'],
    ['valLoss', params, 'expected validationData or validationSplit in fit'],
    ['valAuc', params, 'expected validationData or validationSplit in fit'],
  ])('before training: %s', (name, params, message) => {
    expectRefusal(() => monitor(name).check(params), 'Watcher', 'monitor', message)
  })

  test('not while a callback may yet add it', () => {
    for (const name of ['loss', 'accuracy', 'valLoss', 'valAuc', 'auc']) monitor(name).check(validated)
    monitor('loss').check(params)
    monitor('myLoss').check(params)
  })

  test('in the logs', () => {
    expect(monitor('loss').valueIn({ loss: 0.5, accuracy: 1 })).toBe(0.5)
    expectRefusal(
      () => monitor('auc').valueIn({ loss: 0.5, accuracy: 1 }),
      'Watcher',
      'monitor',
      'monitor is "auc", expected one of the numbers of an epoch: "loss", "accuracy"',
    )
  })

  test('by fit, before anything is changed where it can be', async () => {
    const { x, y } = toyData(10)
    const model = toyModel()
    const before = model.getWeights()[0].data
    const fit = (monitor: string, model: Sequential) =>
      model.fit(x, y, { verbose: 0, epochs: 3, callbacks: [new EarlyStopping({ monitor })] })
    await expect(fit('valLoss', model)).rejects.toThrow(OptionError)
    expectSameBits(model.getWeights()[0].data, before)
    const once = toyModel()
    await once.fit(x, y, { verbose: 0 })
    await expect(fit('myLoss', model)).rejects.toThrow('EarlyStopping: monitor is "myLoss"')
    expectSameBits(model.getWeights()[0].data, once.getWeights()[0].data)
  })
})

test('what is no name is refused', () => {
  for (const name of ['', 5, null])
    expectRefusal(() => monitor(name as string), 'Watcher', 'monitor', 'the name of a number in the logs')
})
