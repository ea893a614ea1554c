import { expect, test } from 'vitest'
import { timeCalls, timingOf } from '../../../bench/support/timing.ts'

test('the least and the middle of times, of odd and even numbers', () => {
  expect(timingOf([3, 1, 10])).toEqual({ best: 1, median: 3, times: 3 })
  expect(timingOf([4, 3, 10, 1])).toEqual({ best: 1, median: 3.5, times: 4 })
})

test('a call is timed as often as asked, after one that is not, in seconds', () => {
  let calls = 0
  const timing = timeCalls(
    () => {
      calls++
      const began = performance.now()
      while (performance.now() - began < 5);
    },
    { seconds: 0, least: 3 },
  )
  expect(calls).toBe(4)
  expect(timing.times).toBe(3)
  expect(timing.best).toBeGreaterThanOrEqual(0.005)
  expect(timing.best).toBeLessThan(1)
  expect(timing.median).toBeGreaterThanOrEqual(timing.best)
})

test('a short call is timed until the time is up', () => {
  expect(timeCalls(() => {}, { seconds: 0.01, least: 1 }).times).toBeGreaterThan(100)
})
