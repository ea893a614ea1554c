/* onnxruntime's native binding for Node: inference alone, in which experiment 3 is experiment 2. */
import {
  checkOutputs,
  checkParameters,
  drawnImages,
  experiments,
  report,
  require,
  THROUGHPUT_ROWS,
  tasks,
  threads,
  timeCalls,
  versionOf,
} from './measure.mjs'
import { onnxModel } from './onnx-model.mjs'

const { InferenceSession, Tensor } = require('onnxruntime-node')

/** Images of one call for throughput: all at once, and few enough to stay in the cache, which takes half the time. */
const CALL_ROWS = [50, THROUGHPUT_ROWS]
const LATENCY_CALLS = 500

const tensors = rows => {
  const { images } = drawnImages(rows)
  return { rows, feeds: { images: new Tensor('float32', images, [rows, 1, 28, 28]) } }
}

async function outputs(session, { rows, feeds }) {
  const { p } = await session.run(feeds)
  checkOutputs(p.data, rows)
}

for (const experiment of experiments.filter(({ dropout }) => dropout === 0)) {
  const { bytes, parameters } = onnxModel(experiment)
  checkParameters(parameters, experiment)
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 })
  const common = {
    peer: 'onnxruntime',
    version: `onnxruntime-node ${versionOf('onnxruntime-node')}`,
    experiment: experiment.number,
    threads,
  }

  if (tasks.includes('latency')) {
    const one = tensors(1)
    await outputs(session, one)
    const seconds = await timeCalls(() => session.run(one.feeds), LATENCY_CALLS)
    report({ ...common, task: 'latency', seconds, note: '' })
  }

  for (const rows of tasks.includes('throughput') ? CALL_ROWS : []) {
    const batches = Array.from({ length: THROUGHPUT_ROWS / rows }, () => tensors(rows))
    await outputs(session, batches[0])
    const seconds = await timeCalls(async () => {
      for (const { feeds } of batches) await session.run(feeds)
    })
    report({ ...common, task: 'throughput', seconds, note: `in calls of ${rows} images` })
  }
}
