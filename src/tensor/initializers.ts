import { oneOf } from '../options.ts'
import { type Random, truncatedNormal } from './random.ts'
import { type Shape, sizeOf } from './shape.ts'
import type { Real } from './tensor.ts'

/**
 * Draws the first values of a parameter. Write your own as any function of this type.
 *
 * @param values overwritten, row-major
 * @param shape the parameter's shape: Dense [in, out], Conv2D [height, width, channels in, filters]
 * @param next the generator for this parameter, seeded by the model
 */
export type Initializer = (values: Real, shape: Shape, next: Random) => void

/** Uniform in ±√(6 / (fanIn + fanOut)): Keras' default for kernels. Glorot and Bengio (2010). */
export const glorotUniform: Initializer = (values, shape, next) => {
  const { fanIn, fanOut } = fans(shape)
  uniform(values, Math.sqrt(6 / (fanIn + fanOut)), next)
}

/** Uniform in ±√(6 / fanIn), for layers before a ReLU. He et al. (2015). */
export const heUniform: Initializer = (values, shape, next) => {
  uniform(values, Math.sqrt(6 / fans(shape).fanIn), next)
}

/** Normal with variance 2 / (fanIn + fanOut), drawn from a normal cut off at two of its deviations, as in Keras. */
export const glorotNormal: Initializer = (values, shape, next) => {
  const { fanIn, fanOut } = fans(shape)
  normal(values, Math.sqrt(2 / (fanIn + fanOut)), next)
}

/** Normal with variance 2 / fanIn, drawn from a normal cut off at two of its deviations, as in Keras. */
export const heNormal: Initializer = (values, shape, next) => {
  normal(values, Math.sqrt(2 / fans(shape).fanIn), next)
}

/** All zeros: the default for biases. */
export const zeros: Initializer = values => {
  values.fill(0)
}

/** All ones. */
export const ones: Initializer = values => {
  values.fill(1)
}

const byName = { glorotUniform, heUniform, glorotNormal, heNormal, zeros, ones }

/** The initialisers that options take by name. */
export type InitializerName = keyof typeof byName

const names = Object.keys(byName) as InitializerName[]

/** Finds an initialiser by its name, or takes a function as it is. */
export function initializer(
  owner: string,
  option: string,
  given: InitializerName | Initializer,
): Initializer {
  if (typeof given === 'function') return given
  return byName[oneOf(owner, option, given, names, 'an Initializer')]
}

/** How many inputs feed one output, and outputs one input: the last two axes, times the receptive field before them. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) }
  const field = sizeOf(shape.slice(0, -2))
  return { fanIn: field * shape.at(-2)!, fanOut: field * shape.at(-1)! }
}

function uniform(values: Real, limit: number, next: Random): void {
  for (let i = 0; i < values.length; i++) values[i] = (2 * next() - 1) * limit
}

/** The standard deviation of the standard normal distribution cut off at ±2. */
const TRUNCATED_DEVIATION = 0.87962566103423978

function normal(values: Real, deviation: number, next: Random): void {
  const scale = deviation / TRUNCATED_DEVIATION
  for (let i = 0; i < values.length; i++) values[i] = truncatedNormal(next) * scale
}
