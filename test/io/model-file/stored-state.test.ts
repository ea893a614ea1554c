import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  EarlyStopping,
  ModelFileError,
  OptionError,
  ResumeError,
  type Sequential,
  saveModel,
} from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StoredTensor } from '../../../src/io/safetensors/read-safetensors.ts'
import { expectSameBits } from '../../support/compare.ts'
import { withDocument, withTensors, withValue } from '../../support/model-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(40)
/** Four steps an epoch. */
const options = { verbose: 0, epochs: 3, batchSize: 10, validationSplit: 0.2 } as const
const stopping = () => new EarlyStopping({ patience: 9, restoreBestWeights: true })

/** A model's file in the middle of a fit: in the second epoch, after two of four steps. */
let good: Uint8Array

beforeAll(async () => {
  const save = async (batch: number, _: object, model: Sequential) => {
    if (batch === 1 && model.getTrainingState().fit!.epoch === 1) good = saveModel(model)
  }
  await toyModel().fit(x, y, { ...options, callbacks: [stopping(), { onBatchEnd: save }] })
})

/** What a resumption from a file is refused with; the model and its callback must be as they were. */
async function refused(bytes: Uint8Array): Promise<Error & { readonly file: string }> {
  const file = join(tempFolder(), 'run.safetensors')
  writeFileSync(file, bytes)
  const model = toyModel({ seed: 4 })
  const callback = stopping()
  await model.fit(x, y, { ...options, epochs: 2, callbacks: [callback] })
  const before = saveModel(model)
  const state = structuredClone(callback.getState())
  const error = await model
    .fit(x, y, { ...options, callbacks: [callback], resumeFrom: file })
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expectSameBits(saveModel(model), before)
  expect(callback.getState()).toEqual(state)
  expect((error as Error).message.startsWith(`${file}: `)).toBe(true)
  expectSameBits(readFileSync(file), bytes)
  return Object.assign(error as Error, { file })
}

/** A file with another number in a tensor of float32. */
const withNumber = (name: string, index: number, value: number) =>
  withTensors(good, tensors => {
    const tensor = tensors.get(name)!
    const bytes = tensor.bytes.slice()
    new DataView(bytes.buffer).setFloat32(4 * index, value, true)
    tensors.set(name, { ...tensor, bytes })
  })

test('the file is good', async () => {
  const file = join(tempFolder(), 'run.safetensors')
  writeFileSync(file, good)
  const whole = await toyModel().fit(x, y, { ...options, callbacks: [stopping()] })
  const resumed = await toyModel().fit(x, y, { ...options, callbacks: [stopping()], resumeFrom: file })
  expect(resumed.history).toEqual(whole.history)
})

describe('names the file of what is refused, and changes nothing:', () => {
  const remedy = 'expected finite numbers: allowNonFinite: true takes them as they are'
  test.each<[string, () => Uint8Array, string]>([
    [
      'optimizer.learningRate',
      () => withValue(good, 'optimizer.learningRate', -1),
      'optimizer: Adam: learningRate is -1',
    ],
    [
      'optimizer.learningRate',
      () => withValue(good, 'optimizer.learningRate', { $number: 'NaN' }),
      'optimizer: Adam: learningRate is NaN',
    ],
    [
      'optimizer.steps',
      () => withValue(good, 'optimizer.steps', 600),
      'beta1Power is 0.5314410000000002 after 600 steps',
    ],
    [
      'a scalar',
      () => withValue(good, 'optimizer.scalars.beta1Power', 0.5),
      'beta1Power is 0.5 after 6 steps',
    ],
    [
      'm',
      () => withNumber('optimizer/m/dense/bias', 2, Number.NaN),
      `optimizer: m: dense/bias has NaN at element 2, ${remedy}`,
    ],
    ['v', () => withNumber('optimizer/v/dense/bias', 1, -2), 'optimizer: v: dense/bias has -2 at element 1'],
    [
      'a weight',
      () => withNumber('conv2d/bias', 0, Number.NEGATIVE_INFINITY),
      `weights: conv2d/bias has -Infinity at element 0, ${remedy}`,
    ],
    [
      'a layer',
      () => withValue(good, 'model.layers.0.config.activation', 'sigmoid'),
      'layer conv2d: activation was "sigmoid", and is "relu" now',
    ],
    [
      'inputShape',
      () => withValue(good, 'model.inputShape', [8, 4, 2]),
      'inputShape was [8,4,2], and is [8,8,1] now',
    ],
    [
      'an optimiser',
      () => withValue(good, 'compiled.optimizer.config.epsilon', 1e-8),
      'optimizer: epsilon was 1e-8, and is 1e-7 now',
    ],
    [
      'settings',
      () => withValue(good, 'fit.settings.loss.name', 'other'),
      'loss was "other", and is "sparse',
    ],
    ['a position', () => withValue(good, 'fit.turn', 'onTestEnd'), 'batch was 2 at onTestEnd, expected 4'],
    [
      'a callback',
      () => withValue(good, 'fit.callbacks.0.state.stoppedEpoch', 'none'),
      'callbacks: EarlyStopping.stoppedEpoch is "none", expected a whole number of at least 0',
    ],
    ['a fit', () => withValue(good, 'fit', null), 'no fit had begun'],
  ])('%s: %#', async (_, bytes, difference) => {
    const error = await refused(bytes())
    expect(error).toBeInstanceOf(ResumeError)
    expect((error as Error as ResumeError).differences.join('\n')).toContain(difference)
  })

  test.each<[string, () => Uint8Array, string]>([
    ['half a file', () => good.subarray(0, good.length / 2), ''],
    ['no document', () => withDocument(good, '{'), 'its model is no JSON text'],
    [
      'a batch of no rows',
      () => withValue(good, 'fit.settings.batchSize', 0),
      'batchSize is 0, expected a whole number of at least 1',
    ],
    ['half a step', () => withValue(good, 'optimizer.steps', 6.5), 'steps is 6.5, expected a whole number'],
    ['steps below 0', () => withValue(good, 'optimizer.steps', -6), 'steps is -6, expected a whole number'],
  ])('%s', async (_, bytes, problem) => {
    const error = await refused(bytes())
    expect(error).toBeInstanceOf(ModelFileError)
    expect(error.message).toContain(problem)
  })

  test('all of it at once: tensors, layers, options, callbacks', async () => {
    const f16: StoredTensor = { dtype: 'F16', shape: [3], bytes: new Uint8Array(6) }
    let bytes = withValue(good, 'model.layers.3.config.activation', 'sigmoid')
    bytes = withValue(bytes, 'fit.settings.data.fingerprint', 8)
    bytes = withValue(bytes, 'fit.callbacks.0.state.wait', -1)
    bytes = withTensors(bytes, tensors => {
      const kernel = tensors.get('conv2d/kernel')!
      tensors.set('conv2d/kernel', { ...kernel, shape: [4, 1, 3, 3] })
      tensors.set('dense/bias', f16)
      tensors.delete('optimizer/v/conv2d/bias')
      tensors.set('more', f16)
    })
    const error = (await refused(bytes)) as Error as ResumeError
    expect(error.differences).toEqual([
      'the data had other values, or another order of rows',
      'callbacks: EarlyStopping.wait is -1, expected a whole number of at least 0',
      'layer dense: activation was "sigmoid", and is "softmax" now',
      'tensor "conv2d/kernel" is F32 of (4, 1, 3, 3), expected F32 of (3, 3, 1, 4)',
      'tensor "dense/bias" is F16 of (3,), expected F32 of (3,)',
      'tensor "optimizer/v/conv2d/bias" is missing, expected F32 of (4,)',
      'tensor "more" is not expected',
    ])
  })
})

test('a file that is missing, or no path, changes nothing either', async () => {
  const model = toyModel()
  const file = join(tempFolder(), 'none')
  await expect(model.fit(x, y, { ...options, resumeFrom: file })).rejects.toThrow(
    `${file}: there is no such file`,
  )
  await expect(model.fit(x, y, { ...options, resumeFrom: '' })).rejects.toThrow(OptionError)
  expectSameBits(saveModel(model), saveModel(toyModel()))
})
