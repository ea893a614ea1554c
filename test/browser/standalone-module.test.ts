import { setBackend } from 'convnet-ts'
import { expect, test } from 'vitest'
import { toStandaloneModule } from '../../src/io/standalone/to-standalone-module.ts'
import { launchChromium, NO_CHROMIUM } from '../support/chromium.ts'
import { expectSameBits } from '../support/compare.ts'
import { serve } from '../support/file-server.ts'
import { toyData, toyModel } from '../support/toy.ts'

/** What a site may hold its pages to that evaluates nothing and takes scripts from itself alone. */
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'"

const pageScript = `
  import { predict } from './model.mjs'
  const worker = new Worker('./worker.mjs', { type: 'module' })
  worker.onmessage = ({ data }) => { window.outputs = { page: [...predict(data.x)], worker: [...data.outputs] } }
`

const workerScript = (x: Float32Array) => `
  import { predict } from './model.mjs'
  const x = new Float32Array([${x}])
  postMessage({ x, outputs: predict(x) })
`

test('a standalone module predicts in Chromium the bits that the model does in Node', async context => {
  const browser = await launchChromium()
  if (!browser) return context.skip(NO_CHROMIUM)
  setBackend({ numerics: 'strict' })
  const model = toyModel()
  const { x } = toyData(5)
  const expected = model.predict(x).data
  const source = toStandaloneModule(model, { classNames: ['</script>', '<!--<script>', '-->'] })
  const files: { [url: string]: string } = {
    '/': '<!doctype html><script type="module" src="page.mjs"></script>',
    '/page.mjs': pageScript,
    '/worker.mjs': workerScript(x.data),
    '/model.mjs': source,
  }
  const server = await serve(({ url = '' }, response) => {
    const type = url === '/' ? 'text/html' : 'text/javascript'
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(files[url])
  })
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    // Not waitForFunction, which the policy keeps from asking a second time.
    await expect.poll(() => page.evaluate('"outputs" in window'), { timeout: 20_000 }).toBe(true)
    const outputs = await page.evaluate('window.outputs')
    const { page: inPage, worker } = outputs as { [where: string]: number[] }
    expectSameBits(inPage, expected)
    expectSameBits(worker, expected)
    expect(worker).toHaveLength(15)

    // Inline, names as they are.
    await page.goto('about:blank')
    await page.setContent(
      `<script type="module">${source}; window.outputs = [...predict([${x.data}])]; window.names = classNames</script>`,
    )
    const inline = await page.waitForFunction('window.outputs')
    expectSameBits((await inline.jsonValue()) as number[], expected)
    expect(await page.evaluate('window.names')).toEqual(['</script>', '<!--<script>', '-->'])
  } finally {
    await browser.close()
    await server.close()
  }
})
