import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import {
  Adam,
  Dense,
  Flatten,
  OptionError,
  Sequential,
  ShapeError,
  StateError,
  setBackend,
  tensor,
} from 'convnet-ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectClose, expectSameBits } from '../support/compare.ts'
import { experimentLayers } from '../support/experiments.ts'
import { toyData, toyModel } from '../support/toy.ts'

const golden = (name: string) => readFileSync(new URL(`../golden/${name}.txt`, import.meta.url), 'utf8')

function printed(print: (sink: (text: string) => void) => void): string {
  let text = ''
  print(part => {
    text += part
  })
  return text
}

describe('summary', () => {
  test.each([1, 2, 3] as const)('prints experiment %i as Keras does', experiment => {
    const model = new Sequential(experimentLayers(experiment), { inputShape: [28, 28, 1] })
    expect(printed(print => model.summary(print))).toBe(golden(`summary-experiment-${experiment}`))
    expect(model.countParams()).toBe(experiment === 1 ? 173_738 : 693_578)
  })

  test('counts the optimiser after the first step, as Keras does', () => {
    const model = new Sequential(experimentLayers(1), { inputShape: [28, 28, 1] })
    model.compile({ loss: 'sparseCategoricalCrossentropy' })
    model.trainOnBatch(new Float32Array(784).fill(0.5), Uint8Array.of(3))
    expect(printed(print => model.summary(print))).toBe(golden('summary-experiment-1-trained'))
  })

  test('says so before the model is built', () => {
    const text = printed(print => new Sequential([new Flatten()]).summary(print))
    expect(text).toContain('│ flatten (Flatten)               │ ?                      │   0 (unbuilt) │')
  })

  test('the plan names what computes, each step, its memory and its work', () => {
    setBackend({ kernels: 'reference', fusion: true })
    onTestFinished(() => setBackend({}))
    const model = new Sequential(experimentLayers(1), { inputShape: [28, 28, 1] })
    const text = printed(print => model.describePlan({ batchSize: 512 }, print))
    expect(text).toMatch(
      /^Plan for batches of up to 512 rows: the reference in TypeScript, strict, 1 thread\n/,
    )
    // 26 · 26 · 32 · 9 multiplications and additions for each of 512 images; the map of 44 MB is never there.
    expect(text).toMatch(
      /1 {2}conv2d \(Conv2D \+ ReLU \+ MaxPooling2D\) .*\(28, 28, 1\) → \(13, 13, 32\) +11\.1 MB \+ winners 2\.8 MB +199\.4 MFLOP/,
    )
    expect(text).toMatch(/2 {2}flatten \(Flatten\) .*in place/)
    expect(text).toMatch(/activations 26\.6 MB to train, 15\.5 MB to predict/)
  })
})

describe('add and build', () => {
  test('a layer that does not fit is refused when added, by its name, and the model stays as it was', () => {
    const model = new Sequential(experimentLayers(1), { inputShape: [28, 28, 1] })
    expect(() => model.add(experimentLayers(1)[0])).toThrow(
      /layer conv2d_1: expected rows of shape \(height, width/,
    )
    expect(model.layers.map(({ name }) => name)).toEqual([
      'conv2d',
      'max_pooling2d',
      'flatten',
      'dense',
      'dense_1',
    ])
    expect(model.outputShape).toEqual([10])
  })

  test('names are unique', () => {
    const layers = [new Dense({ units: 1, name: 'a' }), new Dense({ units: 1, name: 'a' })]
    expect(() => new Sequential(layers)).toThrow(
      'Dense: name is "a", expected a name that no other layer has',
    )
    expect(() => new Sequential([new Dense({ units: 1, name: 'a/b' })])).toThrow(OptionError)
  })

  test('a layer added later keeps the weights of those before', () => {
    const model = new Sequential([new Dense({ units: 3 })], { inputShape: [4] })
    model.setWeights([new Float32Array(12).fill(7), new Float32Array(3).fill(8)])
    model.add(new Dense({ units: 2 }))
    const [kernel, bias, second] = model.getWeights()
    expectSameBits(kernel!.data, new Float32Array(12).fill(7))
    expectSameBits(bias!.data, new Float32Array(3).fill(8))
    const whole = new Sequential([new Dense({ units: 3 }), new Dense({ units: 2 })], { inputShape: [4] })
    expect(second!.shape).toEqual([3, 2])
    expectSameBits(second!.data, whole.getWeights()[2]!.data)
  })

  test('a layer that is added before the model is built is looked at once, and no other layer again', () => {
    let looks = 0
    class Counted extends Flatten {
      override outputShape(shape: readonly number[]) {
        looks++
        return super.outputShape(shape)
      }
    }
    const model = new Sequential([], { inputShape: [2, 2] })
    for (let i = 1; i <= 50; i++) {
      model.add(new Counted())
      expect(looks).toBe(i)
    }
    expect(() => model.add(new Dense({ units: 2 ** 40 }))).toThrow('layer dense: a row of its output')
    model.add(new Dense({ units: 1 }))
    expect(model.layers.at(-1)!.name).toBe('dense')
    expect(model.weightPaths).toEqual(['dense/kernel', 'dense/bias'])
    expect(model.getWeights()[0].shape).toEqual([4, 1])
  })

  test('the first data builds the model', () => {
    const model = new Sequential([new Flatten(), new Dense({ units: 2 })])
    expect(() => model.getWeights()).toThrow(StateError)
    expect(() => model.weightPaths).toThrow(StateError)
    const x = Float32Array.from({ length: 12 }, (_, i) => i)
    const y = model.predict(tensor(x, [2, 3, 2]))
    const kernel = model.getWeights()[0]!.data
    const product = (row: number, unit: number) =>
      x.subarray(6 * row, 6 * row + 6).reduce((sum, value, i) => sum + value * kernel[2 * i + unit], 0)
    expect(y.shape).toEqual([2, 2])
    expectClose(y.data, [product(0, 0), product(0, 1), product(1, 0), product(1, 1)], {
      rtol: 1e-5,
      atol: 1e-5,
    })
    expect(model.inputShape).toEqual([3, 2])
    expect(() => model.build([6])).toThrow(/takes rows of \(3, 2\)/)
    model.build([3, 2])
  })

  test('a layer that fails to be added leaves a trained model as it was', () => {
    const model = toyModel()
    const { x, y } = toyData(8)
    model.trainOnBatch(x, y)
    const before = model.getWeights()
    const broken = () => {
      throw new Error('no weights today')
    }
    expect(() => model.add(new Dense({ units: 2, kernelInitializer: broken }))).toThrow('no weights today')
    expect(model.layers).toHaveLength(4)
    expectSameBits(model.getWeights()[2].data, before[2].data)
    expect(model.predict(x).shape).toEqual([8, 3])
  })

  test('a layer of one’s own that does not keep what it says is refused', () => {
    const layer = {
      ...new Flatten(),
      type: 'Odd',
      needs: () => ({}),
      bind: () => ({ forward() {}, backward() {} }),
    }
    const own = (part: object) =>
      new Sequential([{ ...layer, outputShape: () => [4], ...part }], { inputShape: [3] })
    expect(() => own({ parts: () => [] })).toThrow('layer odd: parts() gives no layer')
    expect(() => own({ outputShape: () => [-3] })).toThrow('layer odd: outputShape gives [-3]')
    expect(() => own({ needs: () => ({ inPlace: 'view' }) })).toThrow('layer odd: it cannot work in place')
  })

  test('what cannot be a model is refused', () => {
    expect(() => new Sequential(null as never)).toThrow('layers is null')
    expect(() => new Sequential([], { inputShape: null as never })).toThrow(OptionError)
    expect(() => new Sequential([new Dense({ units: 1, name: 5 as never })])).toThrow(OptionError)
    expect(() => new Sequential([], { inputShape: [4] }).predict(new Float32Array(4))).toThrow(
      'has no layers',
    )
    expect(() => new Sequential([{} as never])).toThrow('expected a Layer')
    expect(() => new Sequential([], { inputShape: [0] })).toThrow(OptionError)
    expect(() => new Sequential([], { input_shape: [3] } as never)).toThrow(/expected the option inputShape/)
    expect(() => new Sequential([], { seed: -1 })).toThrow(OptionError)
    expect(() => new Sequential([], { name: '' })).toThrow('Sequential: name is "", expected a name')
    expect(() => new Sequential([], { name: 5 as never })).toThrow(OptionError)
  })
})

describe('seeds', () => {
  const weights = (seed: number) => toyModel({ seed }).getWeights()[0].data

  test('the same seed draws the same weights, another seed others, and 0 is a seed', () => {
    expectSameBits(weights(0), weights(0))
    expect(weights(0)).not.toEqual(weights(1))
    expectSameBits(weights(0), toyModel().getWeights()[0].data)
  })
})

describe('weights', () => {
  test('come as copies, in order, and go back', () => {
    const model = toyModel()
    const before = model.getWeights()
    expect(before.map(({ shape }) => shape)).toEqual([[3, 3, 1, 4], [4], [36, 3], [3]])
    before[0].data.fill(5)
    expect(model.getWeights()[0].data).not.toEqual(before[0].data)
    model.setWeights(before)
    expectSameBits(model.getWeights()[0].data, before[0].data)
  })

  test('that do not fit are refused before any is changed', () => {
    const model = toyModel()
    const before = model.getWeights()
    const wrong = [
      new Float32Array(36).fill(9),
      new Float32Array(4),
      new Float32Array(107),
      new Float32Array(3),
    ]
    expect(() => model.setWeights(wrong)).toThrow('dense/kernel has shape (36, 3), got (107,)')
    expect(() => model.setWeights(wrong.slice(1))).toThrow('got 3 arrays, the model has 4 weights')
    expect(() => model.setWeights([tensor(new Float32Array(36), [36]), ...wrong.slice(1)])).toThrow(
      ShapeError,
    )
    expectSameBits(model.getWeights()[0].data, before[0].data)
  })
})

describe('predict and evaluate', () => {
  const { x, y } = toyData(50)

  test('give the same bits for any batch size, a plain array and a strided view', () => {
    const model = toyModel()
    const whole = model.predict(x, { batchSize: 50 })
    expect(whole.shape).toEqual([50, 3])
    for (const batchSize of [1, 7, 32, 100]) expectSameBits(model.predict(x, { batchSize }).data, whole.data)
    expectSameBits(model.predict(x.data).data, whole.data)
    const backwards = x.step(-1)
    expectSameBits(model.predict(backwards).pick(49, null).data.subarray(147), whole.data.subarray(0, 3))
    expect(model.predict(x).get(17, 2)).toBe(whole.data[17 * 3 + 2])
  })

  test('means are exact for short batches, batch 1 and batches larger than the data', () => {
    const whole = toyModel().evaluate(x, y, { batchSize: 50 })
    const right = toyModel()
      .predictClasses(x)
      .filter((predicted, row) => predicted === y[row])
    expect(whole.accuracy).toBe(right.length / 50)
    for (const batchSize of [1, 7, 49, 1000]) expect(toyModel().evaluate(x, y, { batchSize })).toEqual(whole)
    // The mean of the parts is the whole.
    const model = toyModel()
    const parts = [0, 1, 2, 3, 4].map(k => model.evaluate(x.lo(k * 10).hi(10), y.slice(k * 10, k * 10 + 10)))
    const mean = parts.reduce((sum, part) => sum + part.loss! / 5, 0)
    expect(Math.abs(mean - whole.loss!)).toBeLessThan(1e-12)
  })

  test('classes are where the output is largest', () => {
    const model = toyModel()
    const output = model.predict(x)
    const classes = model.predictClasses(x)
    for (let row = 0; row < 50; row++) {
      const own = [0, 1, 2].map(c => output.get(row, c))
      expect(classes[row]).toBe(own.indexOf(Math.max(...own)))
    }
    const single = new Sequential([new Dense({ units: 1, useBias: false })], { inputShape: [1] })
    single.setWeights([Float32Array.of(1)])
    expect([...single.predictClasses(Float32Array.of(0.4, 0.5, 0.6))]).toEqual([0, 0, 1])
  })

  test('need what they need', () => {
    const model = new Sequential([new Dense({ units: 1 })], { inputShape: [4] })
    expect(() => model.evaluate(new Float32Array(4), new Float32Array(1))).toThrow(
      'evaluate: the model is not compiled',
    )
    expect(() => model.predict([1, 2, 3, 4] as never)).toThrow(
      'expected an ndarray over a typed array, or a typed array',
    )
    expect(() => model.predict(new Float32Array(4), { batchSize: 0 })).toThrow(OptionError)
    expect(() => model.predict(new Float32Array(0))).toThrow('x has no rows')
  })
})

test('a batch that no memory holds is refused by its size', () => {
  const model = new Sequential([new Dense({ units: 2 ** 22 })], { inputShape: [1] })
  expect(() => model.predict(new Float32Array(2 ** 20), { batchSize: 2 ** 20 })).toThrow(
    /^the model: batchSize is 1048576, expected fewer rows: these take 17592\.\d GB of memory/,
  )
})

describe('compile', () => {
  test('takes strings and objects', () => {
    const model = toyModel()
    const optimizer = new Adam({ learningRate: 0.5 })
    model.compile({ loss: 'meanSquaredError', optimizer, metrics: [] })
    expect(model.compiled?.optimizer).toBe(optimizer)
    expect(model.compiled?.loss.name).toBe('meanSquaredError')
  })

  test('refuses what it does not know', () => {
    const model = toyModel()
    expect(() => model.compile({ loss: 'sparse_categorical_crossentropy' as never })).toThrow(
      /"sparseCategoricalCrossentropy"/,
    )
    expect(() => model.compile({} as never)).toThrow(/compile: loss is undefined/)
    expect(() => model.compile({ loss: 'meanSquaredError', optimizer: 'rmsprop' as never })).toThrow(
      OptionError,
    )
    expect(() => model.compile({ loss: 'meanSquaredError', metrics: 'accuracy' as never })).toThrow(/a list/)
    expect(() => model.compile({ loss: 'meanSquaredError', metrics: ['acc', 'accuracy'] })).toThrow(
      /distinct/,
    )
  })
})

test('is short where it is printed', () => {
  const model = new Sequential([new Dense({ units: 2 })], { inputShape: [3] })
  model.compile({ loss: 'meanSquaredError' })
  model.countParams()
  expect(inspect(model)).toBe("Sequential { stopTraining: false, name: 'sequential', seed: 0 }")
})
