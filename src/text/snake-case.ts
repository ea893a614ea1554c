/** A name as Keras spells it: `valLoss` → `val_loss`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
