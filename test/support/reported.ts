import { tensor } from 'convnet-ts'
import { toyData, toyModel } from './toy.ts'

/** Class names that would be markup if a page let them. */
export const HOSTILE_NAMES = ['<script>alert(1)</script>', 'a "b" & c', '</svg></style>']

/** What a report takes of a small model, trained and tested. */
export async function reportedTraining() {
  const model = toyModel()
  const { x, y } = toyData(200)
  const history = await model.fit(x, y, { epochs: 3, batchSize: 2, validationSplit: 0.2, verbose: 0 })
  const { x: bright, y: yTrue } = toyData(40, 1)
  // An image's floats are from 0 to 1; here, they go to 1.5.
  const images = tensor(
    bright.data.map(value => value / 1.5),
    bright.shape,
  )
  return {
    title: 'A <toy>',
    facts: { Data: 'noise & <stripes>' },
    history,
    model,
    evaluation: {
      yTrue,
      yPred: model.predictClasses(images),
      logs: model.evaluate(images, yTrue),
      images,
      classNames: HOSTILE_NAMES,
    },
    reference: { name: '<i>other</i>', history: { loss: [2, 1, 0.5] } },
  }
}
