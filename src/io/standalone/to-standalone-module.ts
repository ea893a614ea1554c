import { OptionError, ShapeError } from '../../errors.ts'
import type { Sequential } from '../../model/sequential.ts'
import { checkOptions } from '../../options.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.ts'
import { checkExported } from '../check-exported.ts'
import { exportedChain } from '../exported-chain.ts'
import { exportedWeights, type NonFiniteOption } from '../exported-weights.ts'
import { moduleSource } from './module-source.ts'

/**
 * V8 has no longer texts than 2²⁹ − 24 characters, and base64 makes four of three bytes; a megabyte is left for the code.
 */
const MAX_WEIGHT_BYTES = ((2 ** 29 - 2 ** 20) / 4) * 3

/** Options of {@link toStandaloneModule}. */
export interface StandaloneModuleOptions extends NonFiniteOption {
  /** A name for each class, which the module exports as well; two where the model has a single output. Default none. */
  readonly classNames?: readonly string[]
}

/**
 * Writes a model as the source of one JavaScript module that needs nothing else, neither this library nor Node: for a page,
 * a worker, or a service that only predicts. It holds the weights, and in plain JavaScript the functions of those layers
 * that the model has.
 *
 * The module exports `predict(x, rows?)`, which takes rows of float32 one behind the other and gives their outputs so,
 * `inputShape` and `outputShape` of one row, and `classNames` where they are given. Outputs have the bits of `predict` in
 * strict numerics, on every engine. It is slower than this library, which splits the work and uses wide instructions.
 *
 * TypeScript takes its types from its comments, with `allowJs`. CommonJS may `require` it, and a page may have it inline.
 *
 * @returns the module's source
 * @throws OptionError or ShapeError for bad names of classes
 * @throws StateError while the input shape is unknown, or there are no layers
 * @throws UnsupportedLayerError for layers of your own
 * @throws NonFiniteWeightError for weights that are NaN or infinite, unless allowed
 * @throws FormatLimitError for more than 400 MB of weights, the longest text that engines have
 * @example
 * await writeFile('model.mjs', toStandaloneModule(model, { classNames }))
 * const { predict } = await import('./model.mjs')
 */
export function toStandaloneModule(model: Sequential, options: StandaloneModuleOptions = {}): string {
  checkOptions('toStandaloneModule', options, ['allowNonFinite', 'classNames'])
  checkExported('toStandaloneModule', model, MAX_WEIGHT_BYTES)
  const { links, inputShape, outputShape } = exportedChain('toStandaloneModule', model)
  checkClassNames(options.classNames, outputShape)
  const weights = exportedWeights('toStandaloneModule', model, options)
  const { name } = model
  return moduleSource({ name, links, inputShape, outputShape, classNames: options.classNames, weights })
}

function checkClassNames(classNames: readonly string[] | undefined, outputShape: Shape): void {
  if (classNames === undefined) return
  const owner = 'toStandaloneModule'
  if (!Array.isArray(classNames) || !classNames.every(name => typeof name === 'string')) {
    throw new OptionError(owner, 'classNames', classNames, 'a list with a name for each class')
  }
  const classes = Math.max(2, sizeOf(outputShape))
  if (classNames.length === classes) return
  const found = `there are ${classNames.length} classNames`
  throw new ShapeError(owner, `${found}, expected ${classes} for outputs of ${formatShape(outputShape)}`)
}
