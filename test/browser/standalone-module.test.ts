import { setBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { toStandaloneModule } from '../../src/io/standalone/to-standalone-module.ts'
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts'
import { expectSameBits } from '../support/compare.ts'
import { toyData, toyModel } from '../support/toy.ts'

test('a standalone module predicts in Chromium the bits that the model does in Node', async context => {
  const browser = await launchChromium()
  if (!browser) return context.skip(NO_CHROMIUM)
  try {
    setBackend({ numerics: 'strict' })
    const model = toyModel()
    const { x } = toyData(5)
    const page = await browser.newPage()
    await page.addScriptTag({
      type: 'module',
      content: `${toStandaloneModule(model)}; window.outputs = [...predict([${x.data}])]`,
    })
    const there = (await page.evaluate('window.outputs')) as number[]
    expectSameBits(there, model.predict(x).data)
    expect(there).toHaveLength(15)
  } finally {
    await browser.close()
  }
})
