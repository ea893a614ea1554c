import type { Callback, FitParams, Logs } from 'convnet-ts'

/** How far training is. */
export class Progress implements Callback {
  isTraining = false
  epochs = 0
  /** The epoch under way, or the last one, from 1; 0 before the first. */
  epoch = 0
  /** Steps that are done, of all epochs. */
  steps = 0
  /** The mean of the epoch so far; null before the first step. */
  loss: number | null = null

  onTrainBegin({ epochs }: FitParams): void {
    this.isTraining = true
    this.epochs = epochs
  }

  onEpochBegin(epoch: number): void {
    this.epoch = epoch + 1
  }

  onBatchEnd(_batch: number, { loss }: Readonly<Logs>): void {
    this.steps++
    this.loss = loss
  }

  onTrainEnd(): void {
    this.isTraining = false
  }
}
