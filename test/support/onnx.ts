import { env, InferenceSession, Tensor } from 'onnxruntime-web'
import { PbfReader } from 'pbf'
import type { Shape } from '../../src/tensor/shape.ts'

// Its threads would outlive the test.
env.wasm.numThreads = 1

/** What onnxruntime makes of rows. */
export async function runOnnx(
  bytes: Uint8Array,
  x: Float32Array,
  shape: Shape,
): Promise<{ shape: Shape; data: Float32Array }> {
  const session = await InferenceSession.create(bytes)
  const { output } = await session.run({ input: new Tensor('float32', x, shape) })
  await session.release()
  return { shape: output.dims, data: output.data as Float32Array }
}

/** What of an ONNX file is read here. */
export interface OnnxFile {
  /** Name and version. */
  producer: string
  opset: number
  graph: string
  /** `name: operator(inputs) → outputs` */
  nodes: string[]
  /** By name. */
  constants: { [name: string]: { shape: number[]; values: Float32Array } }
}

/** Reads an ONNX file by the numbers of its fields in onnx.proto. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const file: OnnxFile = { producer: '', opset: 0, graph: '', nodes: [], constants: {} }
  fields(bytes, (tag, pbf) => {
    if (tag === 2) file.producer = pbf.readString()
    if (tag === 3) file.producer += ` ${pbf.readString()}`
    if (tag === 8) file.opset = readOpset(pbf.readBytes())
    if (tag === 7) fields(pbf.readBytes(), (tag, graph) => readGraph(file, tag, graph))
  })
  return file
}

function readOpset(bytes: Uint8Array): number {
  let version = 0
  fields(bytes, (tag, opset) => {
    if (tag === 2) version = opset.readVarint()
  })
  return version
}

function readGraph(file: OnnxFile, tag: number, pbf: PbfReader): void {
  if (tag === 1) file.nodes.push(readNode(pbf.readBytes()))
  if (tag === 2) file.graph = pbf.readString()
  if (tag !== 5) return
  let name = ''
  const shape: number[] = []
  let values = new Float32Array(0)
  fields(pbf.readBytes(), (tag, tensor) => {
    if (tag === 1) shape.push(tensor.readVarint())
    if (tag === 8) name = tensor.readString()
    if (tag === 9) values = new Float32Array(tensor.readBytes().slice().buffer)
  })
  file.constants[name] = { shape, values }
}

function readNode(bytes: Uint8Array): string {
  const strings: { [tag: number]: string[] } = { 1: [], 2: [], 3: [], 4: [] }
  fields(bytes, (tag, node) => tag <= 4 && strings[tag].push(node.readString()))
  return `${strings[3]}: ${strings[4]}(${strings[1].join(', ')}) → ${strings[2]}`
}

function fields(bytes: Uint8Array, read: (tag: number, pbf: PbfReader) => unknown): void {
  new PbfReader(bytes).readFields((tag, _, pbf) => read(tag, pbf), null)
}
