import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PbfReader } from 'pbf'

/** One event of a file for TensorBoard, with what this library's events can hold. */
export interface FoundEvent {
  wallTime: number
  step: number
  version: string
  tag: string
  plugin: string
  /** Of a scalar one number, of a histogram its matrix by rows. */
  numbers: number[]
  /** Of an image width, height and PNG. */
  bytes: Uint8Array[]
}

/** The events of all files in a folder, in order. Throws where a record is cut off. */
export function eventsIn(folder: string): FoundEvent[] {
  const files = readdirSync(folder).sort()
  return files.flatMap(file => recordsOf(readFileSync(join(folder, file))).map(decode))
}

/** The values of one tag by step: `{ 0: 0.9, 1: 0.7 }` */
export function scalarsIn(folder: string, tag: string): { [step: number]: number } {
  const events = eventsIn(folder).filter(event => event.tag === tag)
  if (events.some(({ plugin }) => plugin !== 'scalars')) throw new Error(`${tag} is no scalar`)
  return Object.fromEntries(events.map(({ step, numbers }) => [step, numbers[0]]))
}

function recordsOf(file: Buffer): Uint8Array[] {
  const records: Uint8Array[] = []
  for (let at = 0; at < file.length; ) {
    const end = at + 12 + Number(file.readBigUInt64LE(at)) + 4
    if (end > file.length) throw new Error(`the record at byte ${at} is cut off`)
    records.push(file.subarray(at + 12, end - 4))
    at = end
  }
  return records
}

function decode(record: Uint8Array): FoundEvent {
  const event = { wallTime: 0, step: 0, version: '', tag: '', plugin: '', numbers: [], bytes: [] }
  return new PbfReader(record).readFields<FoundEvent>((field, found, pbf) => {
    if (field === 1) found.wallTime = pbf.readDouble()
    if (field === 2) found.step = pbf.readVarint()
    if (field === 3) found.version = pbf.readString()
    if (field === 5) pbf.readMessage((_, all, list) => list.readMessage(readValue, all), found)
  }, event)
}

function readValue(field: number, found: FoundEvent, pbf: PbfReader): void {
  if (field === 1) found.tag = pbf.readString()
  if (field === 8) pbf.readMessage(readTensor, found)
  if (field === 9) pbf.readMessage((_, all, metadata) => metadata.readMessage(readPlugin, all), found)
}

function readPlugin(field: number, found: FoundEvent, pbf: PbfReader): void {
  if (field === 1) found.plugin = pbf.readString()
}

function readTensor(field: number, found: FoundEvent, pbf: PbfReader): void {
  if (field === 4) {
    const content = Buffer.from(pbf.readBytes())
    found.numbers = Array.from({ length: content.length / 8 }, (_, i) => content.readDoubleLE(8 * i))
  }
  if (field === 5) found.numbers = pbf.readPackedFloat()
  if (field === 8) found.bytes.push(pbf.readBytes())
}
