import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Sequential, setBackend } from 'convnet-ts'
import { toOnnx } from 'convnet-ts/export'
import { buildModel, experiments } from '../../examples/fashion-mnist/experiments.ts'

/** Writes each experiment's model to a folder, with its first weights, as `experiment-1.onnx` and so on. */
export async function writeOnnxModels(folder: string): Promise<void> {
  // Nothing is computed here: threads would only take time from what is measured.
  setBackend({ threads: 1 })
  for (const experiment of experiments) {
    const { layers, inputShape, name } = buildModel(experiment, 1)
    // Peers are given numbers from 0 to 1, which need no Rescaling.
    const model = new Sequential(
      layers.slice(1).map(({ layer }) => layer),
      { inputShape: inputShape!, name },
    )
    await writeFile(join(folder, `experiment-${experiment.number}.onnx`), toOnnx(model))
  }
}
