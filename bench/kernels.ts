/*
 * How near to the engine's peak does each kernel come? On the shapes of the notebook's training steps and on eight
 * convolutions of deeper networks. The peak is measured in the same process.
 */
import { currentBackend } from '../src/backend/backend.ts'
import { referenceFloat32 } from '../src/kernels/reference/reference.ts'
import { higher, measurePeak, type Peak } from './peak.ts'
import type { Answer, Cell, Figure, Question, Table } from './support/answer.ts'
import { share, threeDigits } from './support/format.ts'
import { kernelCases } from './support/kernel-cases.ts'
import { describeMode, hasTurbo, headlineAndStrict, type Mode } from './support/mode.ts'
import type { Job } from './support/session.ts'
import { type Timing, timeCalls } from './support/timing.ts'
import { draws, verify } from './support/verify.ts'

interface MeasuredKernel extends Timing {
  readonly kernel: string
  readonly shape: string
  readonly isDeep: boolean
  readonly gflops: number
  /** Of the peak of as many threads. */
  readonly share: number
  readonly gigabytes: number | null
}

interface MeasuredKernels {
  readonly peak: Peak
  readonly kernels: readonly MeasuredKernel[]
}

/** Verifies each kernel, then times it. */
export async function measureKernels(job: Job): Promise<MeasuredKernels> {
  const { kernels } = currentBackend()
  const before = await measurePeak(job)
  const measured: Omit<MeasuredKernel, 'share'>[] = []
  for (const kernelCase of kernelCases()) {
    const { kernel, shape, isDeep, rows, flops, bytes } = kernelCase
    verify(kernelCase, kernels, referenceFloat32, job.numerics)
    const bound = kernelCase.bind(kernels, rows, draws(kernels))
    const timing = timeCalls(() => bound.call(), job.quick ? { seconds: 0, least: 1 } : { seconds: 0.1 })
    const gflops = (1e-9 * flops * rows) / timing.best
    const gigabytes = bytes === undefined ? null : (1e-9 * bytes * rows) / timing.best
    measured.push({ kernel, shape, isDeep, ...timing, gflops, gigabytes })
    // The library takes dropped arrays back between the tasks of the event loop.
    await new Promise(resolve => setImmediate(resolve))
  }
  const peak = higher(before, await measurePeak(job))
  return { peak, kernels: measured.map(kernel => ({ ...kernel, share: kernel.gflops / peak.gflops })) }
}

export const kernels: Question = {
  name: 'kernels',
  async ask(session): Promise<Answer> {
    const tables: Table[] = []
    const figures: Figure[] = []
    const measured = []
    for (const mode of session.engines.flatMap(headlineAndStrict)) {
      const by: MeasuredKernels[] = []
      for (const threads of [1, 2]) by.push(await session.measure(mode, { measurement: 'kernels', threads }))
      tables.push(tableOf(mode, by))
      if (hasTurbo(mode.engine) && mode.numerics === 'fast') figures.push(...figuresOf(mode, by))
      measured.push({ mode, by })
    }
    return { tables, figures, measured }
  },
}

function tableOf(mode: Mode, by: readonly MeasuredKernels[]): Table {
  const peaks = by.map(({ peak }) => `${peak.gflops.toFixed(0)} of ${peak.threads}`).join(' and ')
  return {
    title: `Kernels, ${describeMode(mode)}; peak GFLOP/s ${peaks} threads`,
    header: ['kernel', 'shape', ...by.flatMap(({ peak: { threads } }) => columnsOf(threads))],
    rows: by[0].kernels.map(({ kernel, shape }, i) => [
      kernel,
      shape,
      ...by.flatMap(of => cellsOf(of.kernels[i])),
    ]),
  }
}

const columnsOf = (threads: number): string[] => [`ms, ${threads} thr.`, 'GFLOP/s', 'of peak']

/** Where memory bounds the speed, that takes the place of the share. */
const cellsOf = ({ best, gflops, share: part, gigabytes }: MeasuredKernel): Cell[] => [
  1e3 * best,
  gflops,
  gigabytes === null ? share(part) : `${threeDigits(gigabytes)} GB/s`,
]

/** The least shares of the peak: among the products of experiment 2, and among the deeper networks' convolutions. */
function figuresOf(mode: Mode, by: readonly MeasuredKernels[]): Figure[] {
  return by.flatMap(({ peak: { threads }, kernels: all }) => {
    const least = (of: readonly MeasuredKernel[], atLeast: number): Figure => {
      const { kernel, shape, share: part } = of.reduce((a, b) => (b.share < a.share ? b : a))
      const name = `${kernel} ${shape}, the least of ${of.length}, of peak, ${describeMode(mode)}, ${threads} thr.`
      return { name, value: 100 * part, unit: '%', atLeast }
    }
    return [
      least(
        all.filter(({ kernel, shape }) => kernel.startsWith('dense') && shape.endsWith('→64')),
        75,
      ),
      least(
        all.filter(({ isDeep }) => isDeep),
        60,
      ),
    ]
  })
}
