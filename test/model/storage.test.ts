import { expect, test, vi } from 'vitest'

test('where there are no files, models say how they are kept', async () => {
  vi.resetModules()
  const { Flatten, loadModel, Sequential, saveModel, StateError } = await import('../../src/browser.ts')
  const model = new Sequential([new Flatten()], { inputShape: [2] })
  for (const refused of [model.save('a'), loadModel('a')]) {
    await expect(refused).rejects.toThrow(StateError)
    await expect(refused).rejects.toThrow(
      'there are no files here: saveModel(model) gives bytes, and loadModel(bytes) takes them',
    )
  }
  expect((await loadModel(saveModel(model))).layers).toHaveLength(1)
})
