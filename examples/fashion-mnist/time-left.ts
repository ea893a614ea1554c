import type { Callback } from 'convnet-ts'
import { counted } from './counted.ts'
import { print } from './print.ts'

/** Says after the first epoch how long the others will take, since 50 of them may be work for hours. */
export function timeLeft(epochs: number): Callback {
  let began = 0
  return {
    onEpochBegin: () => {
      began = performance.now()
    },
    onEpochEnd: epoch => {
      if (epoch > 0 || epochs < 3) return
      const minutes = ((performance.now() - began) * (epochs - 1)) / 60_000
      if (minutes < 1) return
      const time = minutes < 90 ? counted(Math.ceil(minutes), 'minute') : `${(minutes / 60).toFixed(1)} hours`
      print(`The other ${counted(epochs - 1, 'epoch')} will take about ${time}.`)
    },
  }
}
