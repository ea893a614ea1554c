/** The numbers of an epoch or a batch, by name: loss, the metrics, and with validation valLoss and so on. */
export type Logs = { [name: string]: number }

/** The name that a number of the validation has among those of its epoch: `loss` → `valLoss`. */
export const validationName = (name: string): string => `val${name[0].toUpperCase()}${name.slice(1)}`

/** Whether a number is one of the validation's. */
export const isOfValidation = (name: string): boolean => /^val[A-Z]/.test(name)
