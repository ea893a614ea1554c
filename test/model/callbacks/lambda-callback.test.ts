import { type Callback, LambdaCallback } from 'convnet-ts'
import { expect, test } from 'vitest'
import { expectRefusal } from '../../support/refusals.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const { x, y } = toyData(10)

test('calls its functions as fit calls those of an object', async () => {
  const callsOf = async (make: (functions: Callback) => Callback) => {
    const calls: string[] = []
    const record =
      (name: string) =>
      (...given: readonly unknown[]) =>
        void calls.push(`${name} ${given.length}`)
    const callback = make({
      onTrainBegin: record('onTrainBegin'),
      onEpochBegin: record('onEpochBegin'),
      onBatchBegin: record('onBatchBegin'),
      onBatchEnd: record('onBatchEnd'),
      onTestBegin: record('onTestBegin'),
      onTestEnd: record('onTestEnd'),
      onEpochEnd: record('onEpochEnd'),
      onTrainEnd: record('onTrainEnd'),
    })
    await toyModel().fit(x, y, { verbose: 0, validationSplit: 0.5, callbacks: [callback] })
    return calls
  }
  const calls = await callsOf(functions => new LambdaCallback(functions))
  expect(calls).toHaveLength(8)
  expect(calls).toEqual(await callsOf(functions => functions))
})

test('passes on the failure', async () => {
  const failures: unknown[] = []
  const reason = new Error('no')
  const callback = new LambdaCallback({
    onBatchEnd: () => Promise.reject(reason),
    onTrainFail: error => void failures.push(error),
  })
  await expect(toyModel().fit(x, y, { verbose: 0, callbacks: [callback] })).rejects.toBe(reason)
  expect(failures).toEqual([reason])
})

test.each([
  [{ onEpochFinish: () => {} }, 'onEpochFinish', 'expected no option of this name (options: onTrainBegin,'],
  [{ on_epoch_end: () => {} }, 'on_epoch_end', 'expected the option onEpochEnd'],
  [{ onEpochEnd: 'print' }, 'onEpochEnd', 'onEpochEnd is "print", expected a function'],
])('refuses %o', (functions, hook, message) => {
  expectRefusal(() => new LambdaCallback(functions as object), 'LambdaCallback', hook, message)
})

test('passes on a state', async () => {
  let epochs = 0
  const count = new LambdaCallback({
    onEpochEnd: () => void epochs++,
    getState: () => ({ epochs }),
    setState: state => {
      epochs = (state as { epochs: number }).epochs + 10
    },
  })
  const model = toyModel()
  await model.fit(x, y, { verbose: 0, epochs: 2, callbacks: [count] })
  const options = { verbose: 0, epochs: 3, callbacks: [count], resumeFrom: model.getTrainingState() } as const
  await model.fit(x, y, options)
  expect(epochs).toBe(13)
})
