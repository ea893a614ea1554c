import { PbfWriter } from 'pbf'
import type { Summary } from './summary.ts'
import { writeTensorProto } from './tensor-proto.ts'

/** Who writes the file, as its first event says. */
const WRITER = 'convnet-ts'

/**
 * The first event of a file, which says in which version of the format the others are.
 *
 * @param wallTime seconds since 1970
 * @returns TensorFlow's message `Event`, to be framed by `tfRecord`
 */
export function versionEvent(wallTime: number): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeDoubleField(1, wallTime)
  pbf.writeStringField(3, 'brain.Event:2')
  pbf.writeMessage(10, (writer, metadata) => metadata.writeStringField(1, writer), WRITER)
  return pbf.finish()
}

/**
 * An event that holds one summary: a scalar, a histogram or images, at a step.
 *
 * Source: TensorFlow, `tensorflow/core/util/event.proto` and `tensorflow/core/framework/summary.proto`.
 *
 * @param wallTime seconds since 1970
 * @param step a whole number of at least 0
 * @returns TensorFlow's message `Event`, to be framed by `tfRecord`
 * @example
 * tfRecord(summaryEvent(Date.now() / 1000, epoch, scalar('epoch_loss', 0.25)))
 */
export function summaryEvent(wallTime: number, step: number, summary: Summary): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeDoubleField(1, wallTime)
  if (step !== 0) pbf.writeVarintField(2, step) // A number that is 0 is left out, as protobuf's own writers do.
  pbf.writeMessage(5, (value, list) => list.writeMessage(1, writeValue, value), summary)
  return pbf.finish()
}

/** `Summary.Value`: 1 tag, 8 tensor, 9 metadata. */
function writeValue({ tag, plugin, tensor }: Summary, pbf: PbfWriter): void {
  pbf.writeStringField(1, tag)
  pbf.writeMessage(8, writeTensorProto, tensor)
  pbf.writeMessage(9, writeMetadata, plugin)
}

/** `SummaryMetadata`: its field 1 is the plugin's data, whose field 1 is the plugin's name. */
function writeMetadata(plugin: string, pbf: PbfWriter): void {
  pbf.writeMessage(1, (name, data) => data.writeStringField(1, name), plugin)
}
