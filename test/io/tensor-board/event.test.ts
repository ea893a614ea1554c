import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { summaryEvent, versionEvent } from '../../../src/io/tensor-board/event.ts'
import { histogram, image, scalar } from '../../../src/io/tensor-board/summary.ts'
import { tfRecord } from '../../../src/io/tensor-board/tf-record.ts'

interface Golden {
  wallTime: number
  version: string
  scalars: { tag: string; step: number; value: string; record: string }[]
  histograms: { tag: string; step: number; values: number[]; record: string }[]
  image: { tag: string; step: number; png: string; record: string }
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../golden/tensor-board.json', import.meta.url), 'utf8'),
)
const { wallTime } = golden
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

describe("events have the bytes of TensorBoard's own writer", () => {
  test('the version', () => {
    expect(base64(tfRecord(versionEvent(wallTime)))).toBe(golden.version)
  })

  test.each(golden.scalars)('a scalar: $tag = $value at step $step', ({ tag, step, value, record }) => {
    const number = value === 'inf' ? Number.POSITIVE_INFINITY : Number(value)
    expect(base64(tfRecord(summaryEvent(wallTime, step, scalar(tag, number))))).toBe(record)
  })

  test.each(golden.histograms)('a histogram: $tag', ({ tag, step, values, record }) => {
    expect(base64(tfRecord(summaryEvent(wallTime, step, histogram(tag, values))))).toBe(record)
  })

  test('an image, wherever in its buffer it lies', () => {
    const { tag, step, png, record } = golden.image
    const bytes = Buffer.concat([Buffer.from('before'), Buffer.from(png, 'base64')]).subarray(6)
    expect(base64(tfRecord(summaryEvent(wallTime, step, image(tag, bytes))))).toBe(record)
  })
})
