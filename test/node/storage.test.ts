import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DataError,
  Dense,
  Flatten,
  loadModel,
  ModelCheckpoint,
  ModelFileError,
  OptionError,
  ResumeError,
  Sequential,
  StateError,
  saveModel,
} from 'convnet-ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectSameBits } from '../support/compare.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { toyData, toyModel } from '../support/toy.ts'

const { x, y } = toyData(20)

const path = () => join(tempFolder(), 'model.safetensors')

describe('model.save', () => {
  test('writes what saveModel gives, and loadModel reads it', async () => {
    const model = toyModel()
    model.trainOnBatch(x, y)
    const file = path()
    await model.save(file)
    expectSameBits(readFileSync(file), saveModel(model))
    const loaded = await loadModel(file)
    expect(loaded.trainOnBatch(x, y)).toEqual(model.trainOnBatch(x, y))
    await loaded.save(file)
    expectSameBits(readFileSync(file), saveModel(model))
  })

  test('keeps the model as it is at the call', async () => {
    const model = toyModel()
    const before = saveModel(model)
    const file = path()
    const saved = model.save(file)
    model.trainOnBatch(x, y)
    await saved
    expectSameBits(readFileSync(file), before)
  })

  test('leaves the file that was there where it refuses the model, or its options', async () => {
    const file = path()
    const model = toyModel()
    await model.save(file)
    const before = readFileSync(file)
    const weights = model.getWeights()
    weights[0].data[0] = Number.POSITIVE_INFINITY
    model.setWeights(weights)
    await expect(model.save(file)).rejects.toMatchObject({
      name: 'NonFiniteWeightError',
      weights: [{ weight: 'conv2d/kernel', count: 1, index: 0, value: Number.POSITIVE_INFINITY }],
    })
    await expect(toyModel().save(file, { allow: true } as object)).rejects.toThrow(OptionError)
    await expect(toyModel().save(undefined as never)).rejects.toThrow('save: path is undefined')
    await expect(new Sequential([new Flatten()]).save(file)).rejects.toThrow(StateError)
    expectSameBits(readFileSync(file), before)
    await model.save(file, { allowNonFinite: true })
    expect((await loadModel(file, { allowNonFinite: true })).getWeights()[0].data[0]).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  test('says where a file cannot be written', async () => {
    const folder = tempFolder()
    const refused = async (file: string, message: string) => {
      const error = await toyModel()
        .save(file)
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(DataError)
      expect((error as DataError).place.file).toBe(file)
      expect((error as DataError).message).toContain(message)
    }
    await refused(join(folder, 'nowhere/model'), `there is no folder ${join(folder, 'nowhere')}`)
    mkdirSync(join(folder, 'model'))
    await refused(join(folder, 'model'), 'a folder has this name')
    expect(readdirSync(folder)).toEqual(['model'])
  })

  test('by a ModelCheckpoint: what is wrong with the path is said before the first step', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'model'))
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('gone', join(folder, 'link'))
    const onBatchBegin = () => expect.unreachable()
    for (const [name, message] of [
      ['model', 'cannot be written (a folder has this name)'],
      ['file/model', `cannot be written (${join(folder, 'file')} is no folder)`],
      [
        'link/model',
        `cannot be written (${join(folder, 'link')} is a link to gone, where there is no folder)`,
      ],
    ]) {
      const file = join(folder, name)
      const callbacks = [new ModelCheckpoint({ file }), { onBatchBegin }]
      await expect(toyModel().fit(x, y, { verbose: 0, callbacks })).rejects.toThrow(`${file}: ${message}`)
    }
    await expect(toyModel().fit(x, y, { resumeFrom: '' })).rejects.toThrow(
      'fit: resumeFrom is "", expected a path',
    )
  })

  test.each([
    ['stylist.keras', 'loadKerasModel reads files of Keras'],
    ['stylist.H5', 'loadKerasModel reads files of Keras'],
    ['stylist.onnx', "toOnnx of 'convnet-ts/export' writes ONNX"],
    ['stylist.npz', "toNpz of 'convnet-ts/export' writes NumPy's archives"],
  ])('refuses the name %s, which is not what it would write', async (name, why) => {
    const folder = tempFolder()
    const file = join(folder, name)
    const message = `save: path is ${JSON.stringify(file)}, expected a name such as model.safetensors (${why}`
    const callbacks = [new ModelCheckpoint({ file }), { onBatchBegin: () => expect.unreachable() }]
    for (const refused of [toyModel().save(file), toyModel().fit(x, y, { verbose: 0, callbacks })]) {
      const error = await refused.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(OptionError)
      expect((error as OptionError).message).toContain(message)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  const mounts = (folder: string) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status === 0

  test('leaves the file that was there where no space is left (skipped where no disk can be mounted)', async context => {
    const folder = tempFolder()
    if (!mounts(folder)) return context.skip('no disk can be mounted')
    onTestFinished(() => void execFileSync('umount', [folder]))
    const file = join(folder, 'model')
    await toyModel().save(file)
    const before = readFileSync(file)
    const large = new Sequential([new Dense({ units: 100 })], { inputShape: [500] })
    await expect(large.save(file)).rejects.toThrow(
      `${file}: cannot be written (ENOSPC: no space left on device)`,
    )
    expectSameBits(readFileSync(file), before)
    expect(readdirSync(folder)).toEqual(['model'])
    await toyModel().save(file)
  })

  test('of two calls at once, the second is refused, and the first one’s model is whole', async () => {
    const file = path()
    const [first, second] = [1, 2].map(seed => toyModel({ seed }).save(file))
    await expect(second).rejects.toThrow(
      `${file}: cannot be written (another call of this process is writing it)`,
    )
    await first
    expect((await loadModel(file)).seed).toBe(1)
  })
})

describe('loadModel', () => {
  test('names the file that cannot be read, or that is none', async () => {
    const file = path()
    await expect(loadModel(file)).rejects.toThrow(`${file}: there is no such file`)
    writeFileSync(file, 'nonsense')
    const error = await loadModel(file).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ModelFileError)
    expect((error as ModelFileError).message).toMatch(`${file}: is no safetensors file`)
    for (const [bytes, what] of [
      ['PK\x03\x04 and more', 'a zip archive'],
      ['\x89HDF\r\n\x1a\n', 'an HDF5 file'],
    ]) {
      writeFileSync(file, bytes, 'latin1')
      await expect(loadModel(file)).rejects.toThrow(
        `${file}: is ${what}, as files of Keras are: loadKerasModel reads those`,
      )
    }
    for (const url of ['file:///a', new URL('file:///a')])
      await expect(loadModel(url as string)).rejects.toThrow('loadModel: source is')
    await expect(loadModel(tempFolder())).rejects.toThrow('is a folder, a pipe or a device, expected a file')
  })
})

describe('fit({ resumeFrom: path })', () => {
  const options = { epochs: 4, batchSize: 6, verbose: 0, validationSplit: 0.2 } as const

  async function interrupted(file: string): Promise<void> {
    const stop = new AbortController()
    const onBatchEnd = async (batch: number, _logs: object, model: Sequential) => {
      if (batch !== 1 || model.getTrainingState().fit?.epoch !== 2) return
      await model.save(file)
      stop.abort()
    }
    const run = toyModel().fit(x, y, { ...options, signal: stop.signal, callbacks: [{ onBatchEnd }] })
    await expect(run).rejects.toThrow('abort')
  }

  test('goes on from where a saved model stood', async () => {
    const file = path()
    await interrupted(file)
    const whole = toyModel()
    const { history } = await whole.fit(x, y, options)
    for (const model of [toyModel(), await loadModel(file)]) {
      const resumed = await model.fit(x, y, { ...options, resumeFrom: file })
      expect(resumed.history).toEqual(history)
      for (const [i, { data }] of whole.getWeights().entries())
        expectSameBits(model.getWeights()[i].data, data)
    }
  })

  test('lists how the file differs from the model, which stays as it was', async () => {
    const file = path()
    await interrupted(file)
    const other = new Sequential(
      [
        ...toyModel()
          .layers.slice(0, 3)
          .map(({ layer }) => layer),
        new Dense({ units: 4 }),
      ],
      {
        inputShape: [8, 8, 1],
      },
    )
    other.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] })
    const before = saveModel(other)
    const error = await other.fit(x, y, { ...options, resumeFrom: file }).catch((thrown: unknown) => thrown)
    const weights = ['', 'optimizer/m/', 'optimizer/v/'].flatMap(slot => [
      `tensor "${slot}dense/kernel" is F32 of (36, 3), expected F32 of (36, 4)`,
      `tensor "${slot}dense/bias" is F32 of (3,), expected F32 of (4,)`,
    ])
    expect(error).toBeInstanceOf(ResumeError)
    expect((error as ResumeError).message).toMatch(`${file}: cannot go on from this training state:\n- `)
    expect((error as ResumeError).differences).toEqual([
      'layer dense: units was 3, and is 4 now',
      'layer dense: activation was "softmax", and is "linear" now',
      ...weights,
    ])
    expectSameBits(saveModel(other), before)
    const wider = toyModel({ inputShape: [9, 9, 1] })
    await expect(wider.fit(new Float32Array(81 * 20), y, { ...options, resumeFrom: file })).rejects.toThrow(
      'inputShape was [8,8,1], and is [9,9,1] now',
    )
  })
})
