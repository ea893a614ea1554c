import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { convnetTs } from '../../support/command-line.ts'
import { savedIn, stylist } from '../../support/shop.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('summary prints what the model itself does', async () => {
  const model = stylist()
  let printed = ''
  model.summary(text => {
    printed = text
  })
  const file = await savedIn(tempFolder(), model)
  expect(await convnetTs(['summary', file])).toEqual({ code: 0, output: printed, errors: '' })
})

test.each(['keras2-notebook.h5', 'keras3-notebook.keras'])('summary of %s, a file of Keras', async name => {
  const file = fileURLToPath(new URL(`../../golden/keras-models/${name}`, import.meta.url))
  expect(existsSync(file)).toBe(true)
  const { code, output } = await convnetTs(['summary', file])
  expect(code).toBe(0)
  expect(output).toContain('Total params: 146 ')
})
