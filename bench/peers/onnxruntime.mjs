/*
 * onnxruntime's native binding for Node, on the files in $ONNX_MODELS: inference alone, in which experiment 3 is
 * experiment 2.
 */
import { join } from 'node:path'
import {
  checkOutputs,
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

const { InferenceSession, Tensor } = require('onnxruntime-node')

/** Images of one call for throughput: all at once, and few enough to stay in the cache, which takes half the time. */
const CALL_ROWS = [50, THROUGHPUT_ROWS]
const LATENCY_CALLS = 500

const tensors = rows => {
  const { images } = drawnImages(rows)
  return { rows, feeds: { input: new Tensor('float32', images, [rows, 28, 28, 1]) } }
}

async function outputs(session, { rows, feeds }) {
  const { output } = await session.run(feeds)
  checkOutputs(output.data, rows)
}

for (const experiment of experiments.filter(({ dropout }) => dropout === 0)) {
  const file = join(process.env.ONNX_MODELS, `experiment-${experiment.number}.onnx`)
  const session = await InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 })
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
