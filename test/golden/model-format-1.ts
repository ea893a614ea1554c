import { writeFileSync } from 'node:fs'
import { saveModel } from 'convnet-ts'
import { toyData, toyModel } from '../support/toy.ts'

/*
 * Writes model-format-1.safetensors: a model in the middle of a fit, in the first format of files, which later versions
 * must read. It is not written again once that format has been published.
 *
 *   npx tsx test/golden/model-format-1.ts
 */
const { x, y } = toyData(20)
await toyModel({ name: 'golden', seed: 5 }).fit(x, y, {
  epochs: 3,
  batchSize: 6,
  validationSplit: 0.2,
  verbose: 0,
  callbacks: [
    {
      onBatchEnd(batch, _logs, model) {
        if (batch !== 1 || model.getTrainingState().fit?.epoch !== 1) return
        writeFileSync(new URL('model-format-1.safetensors', import.meta.url), saveModel(model))
      },
    },
  ],
})
