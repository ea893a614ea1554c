import type { Callback } from 'convnet-ts'

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
      const time = minutes < 90 ? `${Math.ceil(minutes)} minutes` : `${(minutes / 60).toFixed(1)} hours`
      console.log(`The other ${epochs - 1} epochs will take about ${time}.`)
    },
  }
}
