/*
 * The program for Node: its argument is a Choice as JSON, and it prints the Bits.
 */
import { trainedBits } from './train.ts'

const bits = await trainedBits(JSON.parse(process.argv[2]))
process.stdout.write(JSON.stringify(bits), () => process.exit())
