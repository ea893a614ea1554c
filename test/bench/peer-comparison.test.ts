import { expect, test } from 'vitest'
import { type Contender, comparisonFigures } from '../../bench/peer-comparison.ts'

const contender = (name: string, epochs: (number | null)[], vgg: number | null = null): Contender => ({
  name,
  version: 'Node 24 fast, turbo',
  threads: 2,
  epochs,
  vgg,
  note: '',
})

const others = {
  keras: contender('keras', [2.4, 6, 8], 0.36),
  'pytorch-tcmalloc': contender('pytorch-tcmalloc', [5, 11, 16], 0.37),
  pytorch: contender('pytorch', [12, 24, 26], 0.6),
  convnetjs: contender('convnetjs', [232, 400, null]),
  'jax-js': contender('jax-js', [219, null, null]),
}

test('turbo is compared with each native library, the fastest in JavaScript, and the fastest VGG-like stack', () => {
  const own = { ...contender('convnet-ts', [0.5, 2, 2], 0.4), isFast: true }
  const figures = comparisonFigures(own, others)
  expect(
    figures.map(({ name, value, atLeast }) => [name.replace(', Node 24 fast, turbo', ''), value, atLeast]),
  ).toEqual([
    ['experiment 1 against keras', 4.8, 3.5],
    ['experiment 1 against pytorch-tcmalloc', 10, 7],
    ['experiment 1 against the fastest in JavaScript, jax-js', 438, 100],
    ['experiment 2 against keras', 3, 3],
    ['experiment 2 against pytorch-tcmalloc', 5.5, 6],
    ['experiment 2 against the fastest in JavaScript, convnetjs', 200, 100],
    ['experiment 3 against keras', 4, 4],
    ['experiment 3 against pytorch-tcmalloc', 8, 8],
    ['VGG-like stack against the fastest, keras', 0.36 / 0.4, 0.8],
  ])
})

test('a stock Node is compared with Keras alone; who is missing has no figure', () => {
  const own = { ...contender('convnet-ts', [1, 3, 4], 1), isFast: false }
  expect(comparisonFigures(own, others).map(({ value, atLeast }) => [value, atLeast])).toEqual([
    [2.4, 1.3],
    [2, 1.3],
    [2, 1.3],
  ])
  expect(comparisonFigures({ ...own, isFast: true }, {})).toEqual([])
})
