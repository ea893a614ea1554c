import { checkOptions, wholeNumber } from '../options.ts'
import { permutation, type Random, random } from '../tensor/random.ts'
import { tensor } from '../tensor/tensor.ts'
import { classNames, type FashionMnist, type LabelledImages, SIDE } from './fashion-mnist.ts'
import { bag } from './garments/bag.ts'
import { Canvas } from './garments/canvas.ts'
import { ankleBoot, sandal, sneaker } from './garments/footwear.ts'
import { between, Pen } from './garments/pen.ts'
import { coat, dress, pullover, shirt, tShirt } from './garments/tops.ts'
import { trouser } from './garments/trousers.ts'

/** In the order of `classNames`. */
const patterns = [tShirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankleBoot]

/** Options of {@link garments}. */
export interface GarmentsOptions {
  /** How many training images. Default 60,000. */
  readonly train?: number
  /** How many test images. Default 10,000. */
  readonly test?: number
  /** Decides every drawing. Default 0. */
  readonly seed?: number
}

/**
 * Draws a data set in the form of Fashion-MNIST: ten classes of clothing, 28×28 grey, of random cut, size, place, cloth
 * and brightness. It stands in where the real images cannot be had. Each run of ten images has every class once. A seed
 * gives the same images on every machine, and a smaller set is the beginning of a larger one.
 *
 * A small CNN learns it to about 90 %, not to 100 %: a T-shirt may look like a shirt, a pullover like a coat. Accuracies
 * on it say nothing about Fashion-MNIST.
 *
 * @throws OptionError for a count that is not a whole number of at least 1, and a seed that is not one of at least 0
 * @example
 * const { train, classNames } = garments({ train: 1000, test: 100 })
 * classNames[train.labels[0]]
 */
export function garments(options: GarmentsOptions = {}): FashionMnist {
  checkOptions('garments', options, ['train', 'test', 'seed'])
  const { train = 60_000, test = 10_000, seed = 0 } = options
  wholeNumber('garments', 'train', train, { min: 1 })
  wholeNumber('garments', 'test', test, { min: 1 })
  wholeNumber('garments', 'seed', seed, { min: 0 })
  return {
    train: draw(train, random(seed, 'garments', 'train')),
    test: draw(test, random(seed, 'garments', 'test')),
    classNames,
    kind: 'generated',
    source: `generated drawings of garments (seed ${seed}), not the real Fashion-MNIST`,
  }
}

function draw(count: number, next: Random): LabelledImages {
  const images = new Uint8Array(count * SIDE * SIDE)
  const labels = new Uint8Array(count)
  const canvas = new Canvas()
  let order = permutation(patterns.length, next)
  for (let i = 0; i < count; i++) {
    const place = i % patterns.length
    if (place === 0 && i > 0) order = permutation(patterns.length, next)
    const label = order[place]
    canvas.clear()
    patterns[label](new Pen(canvas, pose(next)), next)
    labels[i] = label
    develop(canvas, next, images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE))
  }
  return { images: tensor(images, [count, SIDE, SIDE, 1]), labels }
}

function pose(next: Random) {
  return {
    scaleX: between(next, 0.84, 1.02),
    scaleY: between(next, 0.88, 1.02),
    lean: between(next, -0.06, 0.06),
    moveX: between(next, -1, 1),
    moveY: between(next, -0.8, 0.8),
  }
}

/** Adds the grain of the cloth, in proportion to the brightness, and rounds to bytes; the background stays 0. */
function develop({ pixels }: Canvas, next: Random, image: Uint8Array): void {
  const grain = between(next, 0.02, 0.16)
  // 784 draws an image of the seeded generator would take longer than all the drawing: it only seeds a xorshift here.
  let state = 1 + Math.floor(next() * 0xfffffffe)
  for (let i = 0; i < pixels.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const value = pixels[i] * (1 + (grain * state) / 0x80000000) * 255
    image[i] = value > 255 ? 255 : Math.floor(value + 0.5)
  }
}
