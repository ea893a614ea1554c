import { createHash } from 'node:crypto'
import { garments } from 'convnet-ts'
import { experiments } from '../../examples/fashion-mnist/experiments.ts'
import { readyKernels, tiles } from './simd.ts'
import { trained } from './trained.ts'

/* A program for test/kernels/simd/bits.test.ts: prints a hash of each experiment's weights, to be run with V8's flags. */

const kernels = await readyKernels(2, tiles['4×16'])
const { train } = garments({ train: 160, test: 1 })
for (const experiment of experiments) {
  const { values } = trained(kernels, experiment, train)
  console.log(createHash('sha256').update(values).digest('hex'))
}
