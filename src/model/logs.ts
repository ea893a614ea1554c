/** The numbers of an epoch or a batch, by name: loss, the metrics, and with validation valLoss and so on. */
export type Logs = { [name: string]: number }
