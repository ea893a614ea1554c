import { writeModule } from '../../src/kernels/simd/assembly/write-module.ts'
import { crewOf } from '../../src/kernels/simd/runtime/crew.ts'
import { Machine } from '../../src/kernels/simd/runtime/machine.ts'
import { spawnWorker } from '../../src/node/worker.ts'
import { crewTasks, untilReady } from './crew-tasks.ts'

/*
 * A program for test/node/worker.test.ts, which asks for one of: `at once`, to end before its workers have started;
 * `ready`, to end after calls that they took part in; `endless`, to go on with calls until it is killed.
 */

const [mode] = process.argv.slice(2)
const machine = new Machine(writeModule(crewTasks), crewOf(3, spawnWorker))
const y = machine.allocate(16)
const who = machine.allocate(16)
const add = machine.number('add')
if (mode !== 'at once') await untilReady(machine.crew)
const end = mode === 'endless' ? Number.POSITIVE_INFINITY : 1000
if (mode === 'endless') console.log('begins')
for (let call = 0; call < end; call++) machine.run(add, 16, y.byteOffset, who.byteOffset, 1)
console.log(y.join(' '))
