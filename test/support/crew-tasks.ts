import { br_if, drop, f32, i32, loop, unreachable } from 'wasmati'
import {
  element,
  type Float,
  type Int,
  integers,
  task,
  when,
} from '../../src/kernels/simd/assembly/assembly.ts'
import type { Crew } from '../../src/kernels/simd/runtime/machine.ts'

/** Tasks that show who did what, and what goes wrong. Arrays have an element a chunk, float32. */
export const crewTasks = {
  nothing: task({}, {}, () => {}),

  /** y[chunk] += scale·(chunk + 1), and who[chunk] = thread. */
  add: task({ y: 'i32', who: 'i32', scale: 'f32' }, {}, ({ y, who, scale, chunk, thread }) => {
    f32.store({}, element(y, chunk), f32.add(f32.load({}, element(y, chunk)), share(scale, chunk)))
    f32.store({}, element(who, chunk), f32.convert_i32_u(thread))
  }),

  /** Of two chunks on two threads, that of the worker (`victim` 1) or the caller (0) traps. */
  trap: task(integers('started', 'victim'), {}, ({ started, victim, thread }) => {
    meet(started)
    when(i32.eq(thread, victim), () => unreachable())
  }),

  /** Of two chunks on two threads, that of the worker goes on until the integer at `flag` is not 0. */
  stall: task(integers('started', 'flag'), {}, ({ started, flag, thread }) => {
    meet(started)
    when(thread, () => repeatWhile(() => i32.eqz(i32.atomic.load({}, flag))))
  }),
}

function share(scale: Float, chunk: Int): Float {
  return f32.mul(scale, f32.convert_i32_u(i32.add(chunk, 1)))
}

/** Waits until two chunks have come here, so until two threads are at work. `started` is an integer that begins at 0. */
function meet(started: Int): void {
  i32.atomic.rmw.add({}, started, 1)
  drop()
  repeatWhile(() => i32.lt_u(i32.atomic.load({}, started), 2))
}

function repeatWhile(condition: () => void): void {
  loop(null, again => {
    condition()
    br_if(again)
  })
}

/** Lets the event loop turn until all threads take part and have been heard of. */
export async function untilReady(crew: Crew): Promise<void> {
  const turn = () => new Promise(resolve => setTimeout(resolve, 1))
  while (crew.ready < crew.threads) await turn()
  await turn()
}
