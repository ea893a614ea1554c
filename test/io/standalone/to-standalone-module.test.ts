import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import {
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  fashionMnist,
  MaxPool2D,
  OptionError,
  Rescaling,
  Sequential,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  UnsupportedLayerError,
} from 'convnet-ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildModel, experiments } from '../../../examples/fashion-mnist/experiments.ts'
import { toStandaloneModule } from '../../../src/io/standalone/to-standalone-module.ts'
import { Conv2DReluMaxPool2D } from '../../../src/layers/conv2d-relu-max-pool2d.ts'
import { expectSameBits } from '../../support/compare.ts'
import { drawnModels, exportedModel } from '../../support/exported-models.ts'
import { runTool } from '../../support/packed-library.ts'
import { realData, testWithRealData } from '../../support/real-data.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { toyModel } from '../../support/toy.ts'

interface Standalone {
  predict(x: ArrayLike<number>, rows?: number): Float32Array
  inputShape: number[]
  outputShape: number[]
  classNames?: string[]
}

/** Imports a module's source, as Node does from a file. */
async function imported(source: string): Promise<Standalone> {
  const file = join(tempFolder(), 'model.mjs')
  writeFileSync(file, source)
  return import(pathToFileURL(file).href)
}

// Whatever the environment asks for: only these numerics promise the same bits everywhere.
beforeAll(() => {
  setBackend({ numerics: 'strict' })
})

describe('the module predicts the bits that the model does', () => {
  test('with every layer and every option, drawn', async () => {
    for (const { model, x } of drawnModels(60)) {
      const { predict, inputShape, outputShape } = await imported(toStandaloneModule(model))
      expect({ inputShape, outputShape }).toEqual({
        inputShape: model.inputShape,
        outputShape: model.outputShape,
      })
      expectSameBits(predict(x.data), model.predict(x).data, model.layers.map(({ name }) => name).join(' → '))
    }
  })

  test('where the model does nothing', async () => {
    const { model, x } = exportedModel([new Dropout({ rate: 0.5 })], [3])
    expectSameBits((await imported(toStandaloneModule(model))).predict(x.data), x.data)
  })

  test('where a number of a layer is −0, or is so as float32', async () => {
    for (const [scale, offset] of [
      [0, -0],
      [-1e-50, -1e-50],
    ]) {
      const { model, x } = exportedModel([new Rescaling({ scale, offset })], [3])
      const { predict } = await imported(toStandaloneModule(model))
      expectSameBits(predict(x.data), model.predict(x).data)
    }
  })

  test('where a pixel is NaN, and where all of a window are −∞', async () => {
    const { model, x } = exportedModel([new MaxPool2D()], [4, 4, 1])
    x.data[1] = Number.NaN
    x.data.fill(Number.NEGATIVE_INFINITY, 8, 16)
    const { predict } = await imported(toStandaloneModule(model))
    const [first, , third, fourth] = predict(x.data)
    expect([first, third, fourth]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expectSameBits(predict(x.data), model.predict(x).data)
  })

  test('where exp overflows, is subnormal or 0, and for NaN', async () => {
    const model = new Sequential([new Dense({ units: 1, activation: 'sigmoid' })], { inputShape: [1] })
    model.setWeights([Float32Array.of(1), Float32Array.of(0)])
    const x = Float32Array.of(-1e30, -104, -103.9, -90, -87.4, -0, 0, 1e-30, 17, 88.8, 1e30, Number.NaN)
    const { predict } = await imported(toStandaloneModule(model))
    expectSameBits(predict(x), model.predict(x).data)
  })

  testWithRealData(
    "the notebook's first model, trained a little, on real images as bytes",
    'train-images-idx3-ubyte.gz',
    async () => {
      const { train, test } = await fashionMnist({ dir: realData })
      const images = test.images.hi(200) as Tensor<Uint8Array>
      const model = buildModel(experiments[0], 1)
      await model.fit(train.images.hi(500), train.labels.subarray(0, 500), { batchSize: 100, verbose: 0 })
      const { predict } = await imported(toStandaloneModule(model))
      expectSameBits(predict(images.data, 200), model.predict(images).data)
    },
  )
})

describe('the module', () => {
  test('needs nothing but the language and atob', () => {
    const { model, x } = exportedModel(
      [new Flatten(), new Dense({ units: 2, activation: 'softmax' })],
      [2, 2],
    )
    const page = createContext({ atob, x: x.data })
    const outputs = runInContext(
      `${toStandaloneModule(model).replaceAll(/^export /gm, '')}; [...predict(x)]`,
      page,
    )
    expectSameBits(outputs, model.predict(x).data)
  })

  test('can be required by CommonJS', () => {
    const file = join(tempFolder(), 'model.mjs')
    writeFileSync(file, toStandaloneModule(exportedModel([new Flatten()], [2]).model))
    const { predict } = createRequire(import.meta.url)(file) as Standalone
    expect(predict([1, 2])).toEqual(Float32Array.of(1, 2))
  })

  test('has types for TypeScript, and stands a strict check', () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'model.mjs'), toStandaloneModule(toyModel(), { classNames: ['a', 'b', 'c'] }))
    writeFileSync(
      join(folder, 'use.ts'),
      `import { classNames, inputShape, outputShape, predict } from './model.mjs'
      export const lists: [string[], number[], number[]] = [classNames, inputShape, outputShape]
      export const outputs: Float32Array = predict([1, 2], 1)
      export const same = new Blob([predict(new Uint8Array(2))])
      // @ts-expect-error
      predict('12')`,
    )
    const options = '--noEmit --strict --allowJs --checkJs --module nodenext --target es2022 --types'
    expect(runTool('tsc', [...options.split(' '), '', 'use.ts'], folder)).toBe('')
  })

  test('has the functions of the layers that the model has, and no others', () => {
    const functionsOf = (source: string) =>
      [...source.matchAll(/^(?:export )?function (\w+)/gm)].map(match => match[1])
    const alone = exportedModel([new Dense({ units: 1 })], [1]).model
    expect(functionsOf(toStandaloneModule(alone))).toEqual(['predict', 'predictRow', 'dense', 'decode'])
    expect(functionsOf(toStandaloneModule(toyModel()))).toEqual([
      'predict',
      'predictRow',
      'conv2d',
      'maxPool2d',
      'dense',
      'relu',
      'softmax',
      'exp',
      'decode',
    ])
  })

  test('takes plain arrays, and as many rows as it is told', async () => {
    const { model } = exportedModel([new Flatten()], [2])
    const { predict } = await imported(toStandaloneModule(model))
    expect(predict([1, 2, 3, 4])).toEqual(Float32Array.of(1, 2, 3, 4))
    expect(predict([1, 2, 3, 4], 1)).toEqual(Float32Array.of(1, 2))
    expect(predict([])).toEqual(new Float32Array(0))
  })

  test.each([
    [[1, 2, 3], undefined, 'x has 3 numbers and rows is 1.5, expected whole rows of 2'],
    [[1, 2], 2, 'x has 2 numbers and rows is 2, expected whole rows of 2'],
    [[1, 2], -1, 'x has 2 numbers and rows is -1, expected whole rows of 2'],
    [[1, 2], Number.NaN, 'x has 2 numbers and rows is NaN, expected whole rows of 2'],
  ])('refuses %j as %s rows', async (x, rows, message) => {
    const { predict } = await imported(toStandaloneModule(exportedModel([new Flatten()], [2]).model))
    expect(() => predict(x, rows)).toThrow(new RangeError(`predict: ${message}`))
  })

  test.each([[undefined], [null], ['12'], [12], [tensor(Float32Array.of(1, 2), [1, 2])]])(
    'refuses %o, which is no array',
    async x => {
      const { predict } = await imported(toStandaloneModule(exportedModel([new Flatten()], [2]).model))
      expect(() => predict(x as unknown as number[])).toThrow(
        new TypeError('predict: x is no array, expected rows of 2 numbers'),
      )
    },
  )

  test('has no end of a script in it, whatever names say', () => {
    const name = '</script><!--'
    const model = new Sequential([new Dense({ units: 2, name: '<\\script><!--' })], { inputShape: [1], name })
    expect(toStandaloneModule(model, { classNames: [name, name] })).not.toMatch(/<[/!\\]/)
  })

  test('refuses a layer whose code is not known', () => {
    // One of the library's own, which no one has written a function for.
    const fused = new Conv2DReluMaxPool2D(new Conv2D({ filters: 1, kernelSize: 3 }), null, null)
    const { model } = exportedModel([fused], [4, 4, 1])
    expect(() => toStandaloneModule(model)).toThrow(UnsupportedLayerError)
  })

  test('says the names of classes as they are', async () => {
    const classNames = ['T-shirt/top', '"quoted" \\ `$', 'line\n\u2028end']
    expect((await imported(toStandaloneModule(toyModel(), { classNames }))).classNames).toEqual(classNames)
    expect(await imported(toStandaloneModule(toyModel()))).not.toHaveProperty('classNames')
  })

  test.each([
    '*/ throw 1 /*',
    '\nthrow 1',
    '\u2028throw 1',
    '\u2029throw 1',
    '"]; throw 1',
    '\\` $ {',
    '__proto__',
  ])('is not changed by what a name says: %j', async name => {
    const layers = [new Flatten(), new Dense({ units: 2, name: name.replaceAll('/', '') })]
    const model = new Sequential(layers, { inputShape: [2], name })
    const { predict } = await imported(toStandaloneModule(model))
    expectSameBits(predict([1, 2]), model.predict(Float32Array.of(1, 2)).data)
  })
})

describe('names of classes are refused', () => {
  test.each([['T-shirt'], [[1, 2, 3]], [null]])('that are no list of names: %j', classNames => {
    expect(() => toStandaloneModule(toyModel(), { classNames: classNames as unknown as string[] })).toThrow(
      OptionError,
    )
  })

  test('that are not as many as there are classes, which are two for a single output', () => {
    expect(() => toStandaloneModule(toyModel(), { classNames: ['a', 'b'] })).toThrow(
      new ShapeError('toStandaloneModule', 'there are 2 classNames, expected 3 for outputs of (3,)'),
    )
    const { model } = exportedModel([new Dense({ units: 1, activation: 'sigmoid' })], [1])
    expect(toStandaloneModule(model, { classNames: ['no', 'yes'] })).toContain('["no", "yes"]')
  })
})
