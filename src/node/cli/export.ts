import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { toNpz } from '../../io/npz.ts'
import { toOnnx } from '../../io/onnx/to-onnx.ts'
import { toStandaloneModule } from '../../io/standalone/to-standalone-module.ts'
import type { Sequential } from '../../model/sequential.ts'
import { printable } from '../../text/printable.ts'
import { replaceFile } from '../files/replace-file.ts'
import { exactly, readArguments, UsageError } from './arguments.ts'
import { CLASSES_HELP, CLASSES_VALUE, classNamesOf, hasClasses } from './class-names.ts'
import { openModel } from './open-model.ts'
import type { Command, Streams } from './streams.ts'

const help = `Writes a model for other tools; several files at once, if several are asked for.

  convnet-ts export MODEL --onnx FILE
  convnet-ts export MODEL --npz FILE --standalone FILE

MODEL is a file that model.save has written (.safetensors), or one of Keras (.keras, .h5).

  --onnx FILE        an ONNX file, which onnxruntime and others run
  --npz FILE         the weights, as NumPy's arrays
  --standalone FILE  a JavaScript module that predicts and needs nothing else, with the
                     classes' names in it
${CLASSES_HELP}  --help           this text

A file that is there already stays until the new one is whole.
`

const known = {
  onnx: 'a file',
  npz: 'a file',
  standalone: 'a file',
  classes: CLASSES_VALUE,
}

type Writer = (model: Sequential, classNames?: readonly string[]) => string | Uint8Array

const writers: { readonly [format in 'onnx' | 'npz' | 'standalone']: Writer } = {
  onnx: model => toOnnx(model),
  npz: model => toNpz(model),
  standalone: (model, classNames) => toStandaloneModule(model, { classNames }),
}

export const command: Command = { help, run }

async function run(args: readonly string[], { output }: Streams): Promise<boolean> {
  const { options, operands } = readArguments('export', known, args)
  const [file] = exactly('export', ['MODEL'], operands)
  const wanted = Object.entries(writers).flatMap(([format, write]) => {
    const target = options[format as keyof typeof writers]
    return target === undefined ? [] : [{ target, write }]
  })
  if (wanted.length === 0) {
    throw new UsageError('export: there is nothing to write, expected --onnx, --npz or --standalone')
  }
  if (options.classes !== undefined && options.standalone === undefined) {
    throw new UsageError('export: --classes is there without --standalone, which alone has names in it')
  }
  await checkTargets([file, ...wanted.map(({ target }) => target)])
  const model = await openModel(file, { compile: false })
  const isNamed = hasClasses(model) || options.classes !== undefined
  const classNames = isNamed ? await classNamesOf('export', model, file, options.classes) : undefined
  // All are made before the first is written, so that a model which one cannot say leaves nothing behind.
  const files = wanted.map(({ target, write }) => ({ target, content: write(model, classNames) }))
  for (const { target, content } of files) {
    await replaceFile(target, content)
    output.write(`Written: ${printable(target)} (${Math.ceil(Buffer.byteLength(content) / 1000)} kB)\n`)
  }
  return true
}

/** @throws UsageError where one of the files would replace the model, or another of them */
async function checkTargets([model, ...targets]: readonly string[]): Promise<void> {
  const taken = new Map([[await whereItLeads(model), 'the model itself']])
  for (const target of targets) {
    if (target === '-') throw new UsageError('export: - is no file: nothing is written to standard output')
    const place = await whereItLeads(target)
    const what = taken.get(place)
    if (what !== undefined) throw new UsageError(`export: ${target} is ${what}, expected another file`)
    taken.set(place, 'there twice')
  }
}

/** A path that all paths of a file have in common. */
const whereItLeads = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))
