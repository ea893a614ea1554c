/*
 * A stylist over HTTP: it answers posted images with what they show, while its network trains in the same process.
 *
 *   npx tsx examples/serve/main.ts --help
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { loadModel, type Sequential } from 'convnet-ts'
import { chooseBackend } from '../fashion-mnist/choose-backend.ts'
import { runProgram } from '../fashion-mnist/command-line.ts'
import { buildModel, experiments } from '../fashion-mnist/experiments.ts'
import { Interruption, interruptible } from '../fashion-mnist/interruption.ts'
import { loadImages } from '../fashion-mnist/load-images.ts'
import { print } from '../fashion-mnist/print.ts'
import { MAX_BYTES, readerOf, readImage, SIDE } from './image.ts'
import { help, type Options, readOptions, refuse } from './options.ts'
import { Progress } from './progress.ts'
import { readBody } from './read-body.ts'
import { close, listen, type Routes } from './server.ts'
import { topClasses } from './stylist.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return print(help)
  const { epochs, batchSize } = options
  chooseBackend()
  const { train, classNames, source } = await loadImages(options.data, refuse)
  print(`Data: ${source}`)
  const model = await modelOf(options, classNames.length)

  const progress = new Progress()
  await interruptible(async signal => {
    const server = await listen(options.port, routesOf(model, classNames, progress))
    const address = addressOf((server.address() as AddressInfo).port)
    print(`Listening on ${address}\n\n${usage(address)}`)
    try {
      if (epochs > 0) {
        const callbacks = [progress]
        const settings = { epochs, batchSize, validationSplit: 0.2, callbacks, signal }
        await model.fit(train.images, train.labels, settings)
      }
      if (!signal.aborted) await once(signal, 'abort')
      throw signal.reason
    } finally {
      await close(server)
    }
  })
}

/** @throws OptionError for a model that does not know such images, or cannot be trained where it should be */
async function modelOf({ model: file, epochs }: Options, classes: number): Promise<Sequential> {
  if (file === undefined) return buildModel(experiments[0], 0)
  const model = await loadModel(file)
  const shape = [...(model.inputShape ?? []), ...model.outputShape]
  if (shape.join() !== [SIDE, SIDE, 1, classes].join()) {
    throw refuse('--model', file, `a model that takes ${SIDE}×${SIDE}×1 and has ${classes} outputs`)
  }
  if (epochs > 0 && !model.compiled) throw refuse('--model', file, 'a model that is compiled, or --epochs 0')
  return model
}

function routesOf(model: Sequential, classNames: readonly string[], progress: Progress): Routes {
  return {
    'GET /': ({ socket }) => usage(addressOf(socket.localPort)),
    'GET /health': () => ({ status: 'ok', model: model.name, ...progress }),
    'POST /predict': async request => {
      const type = request.headers['content-type']
      // Refused before a body is waited for.
      readerOf(type)
      const image = await readImage(type, await readBody(request, MAX_BYTES))
      return { top: topClasses(model, image, classNames, 3), steps: progress.steps }
    },
  }
}

const addressOf = (port: number | undefined) => `http://127.0.0.1:${port}`

const usage = (
  address: string,
) => `POST an image of ${SIDE}×${SIDE}, a garment bright on black, as PNG or as ${SIDE * SIDE} bytes:

  curl --data-binary @boot.png -H 'content-type: image/png' ${address}/predict
  curl --data-binary @boot.raw -H 'content-type: application/octet-stream' ${address}/predict

The answer has the three likeliest classes, and how many steps the network had been trained for.
GET ${address}/health tells how far training is.
`

await runProgram(async () => {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof Interruption)) throw error
    print(`\nServing is ${error.message}.`)
    process.exit(error.exitCode)
  }
})
