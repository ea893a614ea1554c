import { exactly, readArguments } from './arguments.ts'
import { openModel } from './open-model.ts'
import type { Command } from './streams.ts'

const help = `Prints a model's layers, shapes and weights.

  convnet-ts summary MODEL

MODEL is a file that model.save has written (.safetensors), or one of Keras (.keras, .h5).

  --help           this text
`

export const command: Command = {
  help,
  async run(args, { output }) {
    const { operands } = readArguments('summary', {}, args)
    const [file] = exactly('summary', ['MODEL'], operands)
    const model = await openModel(file, { compile: false })
    model.summary(text => output.write(text))
    return true
  },
}
