import {
  br_if,
  call,
  type Func,
  f32,
  f32x4,
  f64,
  func,
  type Input,
  i32,
  if_,
  type Local,
  local,
  loop,
  type Type,
  v128,
} from 'wasmati'

/*
 * A small vocabulary over wasmati's instructions: functions with named locals, loops, and tasks. Instructions run in the
 * order in which they are written, and engines keep that order.
 */

export type Int = Input<'i32'>
export type Float = Input<'f32'>
export type Vector = Input<'v128'>

type Kind = 'i32' | 'f32' | 'v128'

/** Locals by name, each of one type or, as a list, of several. */
export interface Names {
  readonly [name: string]: Kind | readonly Kind[]
}

/** The locals for `Names`. */
export type Locals<N extends Names> = {
  readonly [K in keyof N]: N[K] extends readonly (infer T)[] ? readonly Local<T>[] : Local<N[K]>
}

/** A function of the module, with the names of its parameters. */
export interface Routine<P extends Names = Names> {
  readonly parameters: P
  readonly func: Func<Kind[], []>
}

/** What a routine is called with. */
export type Arguments<P extends Names> = { readonly [K in keyof P]: P[K] extends Kind ? Input<P[K]> : never }

/** `n` locals that hold vectors. */
export const vectors = (n: number): readonly 'v128'[] => new Array(n).fill('v128')

/** `n` locals that hold integers. */
export const ints = (n: number): readonly 'i32'[] => new Array(n).fill('i32')

/** Names of integers. */
export function integers<const N extends string>(...names: N[]): { readonly [name in N]: 'i32' } {
  return Object.fromEntries(names.map(name => [name, 'i32'])) as { [name in N]: 'i32' }
}

/** A function with named parameters, and named locals that start at 0. */
export function routine<const P extends Names, const L extends Names>(
  parameters: P,
  locals: L,
  body: (names: Locals<P> & Locals<L>) => void,
): Routine<P> {
  const flat = (names: Names) => Object.values(names).flat()
  const write = () => {
    const types = { i32, f32, v128 } as { [kind in Kind]: Type<kind> }
    const typed = (names: Names) => flat(names).map(kind => types[kind])
    const signature = { in: typed(parameters), locals: typed(locals), out: [] } as const
    return func(signature as never, (given, own) => {
      body({ ...byName(parameters, given), ...byName(locals, own) } as Locals<P> & Locals<L>)
    }) as never
  }
  return { parameters, func: writtenLate({ args: flat(parameters), results: [] }, write) }
}

/**
 * A function of the module that is written when a module asks for its body, and then once. A call needs its type alone, so
 * that one function never begins while another is being written.
 */
export function writtenLate<const A extends Kind[], const R extends Kind[]>(
  type: { readonly args: A; readonly results: R },
  write: () => Func<A, R>,
): Func<A, R> {
  let written: Func<A, R> | undefined
  const whole = () => {
    written ??= write()
    return written
  }
  return {
    kind: 'function',
    type,
    get locals() {
      return whole().locals
    },
    get body() {
      return whole().body
    },
    get deps() {
      return whole().deps
    },
  }
}

function byName(names: Names, flat: readonly Local[]): { [name: string]: Local | readonly Local[] } {
  const rest = [...flat]
  return Object.fromEntries(
    Object.entries(names).map(([name, kind]) => [
      name,
      typeof kind === 'string' ? rest.shift()! : rest.splice(0, kind.length),
    ]),
  )
}

/** A part of a kernel's work, to be run for each chunk 0, 1, …; chunks may run side by side, in any order. */
export interface Task {
  /** Names of the numbers that a call passes, in order. */
  readonly parameters: readonly string[]
  readonly routine: Routine
}

/**
 * What a task knows beside its parameters: where those lie, its chunk, and the number of the thread that runs it, which
 * tells apart the threads' scratch memories.
 */
const place = integers('args', 'chunk', 'thread')

/** A task. A call leaves its parameters in memory as float64, which holds any address and any scalar. */
export function task<const P extends { readonly [name: string]: 'i32' | 'f32' }, const L extends Names>(
  parameters: P,
  locals: L,
  body: (names: Locals<typeof place> & Locals<P> & Locals<L>) => void,
): Task {
  return {
    parameters: Object.keys(parameters),
    routine: routine(place, { ...parameters, ...locals }, given => {
      const names = given as Locals<typeof place> & Locals<P> & Locals<L>
      Object.entries(parameters).forEach(([name, kind], i) => {
        f64.load({ offset: 8 * i }, names.args)
        if (kind === 'i32') i32.trunc_f64_u()
        else f32.demote_f64()
        local.set(names[name] as Local)
      })
      body(names)
    }),
  }
}

/**
 * Calls a routine. Arguments are worked out in the order in which they are written, so they are written in the order of the
 * parameters.
 *
 * @throws RangeError where they are in another order
 */
export function callRoutine<P extends Names>(target: Routine<P>, args: Arguments<P>): void {
  const [expected, found] = [target.parameters, args].map(names => Object.keys(names).join(', '))
  if (found !== expected) throw new RangeError(`a routine is called with (${found}), expected (${expected})`)
  call(target.func, Object.values(args) as never)
}

/** variable = value. */
export function set<K extends Kind>(variable: Local<K>, value: Input<K>): void {
  local.set(variable as Local, value as never)
}

/** variable += value. */
export function increase(variable: Local<'i32'>, value: Int): void {
  local.set(variable, i32.add(variable, value))
}

/** for (variable = from; variable < to; variable += step), of unsigned numbers. */
export function range(
  variable: Local<'i32'>,
  from: Int,
  to: Local<'i32'> | number,
  step: Int,
  body: () => void,
): void {
  set(variable, from)
  i32.lt_u(variable, to)
  if_(null, () => {
    loop(null, again => {
      body()
      increase(variable, step)
      i32.lt_u(variable, to)
      br_if(again)
    })
  })
}

/** body(), `counter` times; at least once. The counter is 0 afterwards. */
export function countDown(counter: Local<'i32'>, body: () => void): void {
  loop(null, again => {
    body()
    local.tee(counter, i32.sub(counter, 1))
    br_if(again)
  })
}

/** if (condition) then(); else otherwise(). */
export function when(condition: Int, then: () => void, otherwise?: () => void): void {
  if (typeof condition === 'object' && condition.kind === 'local') local.get(condition)
  if_(null, then, otherwise)
}

/** base + 4·index: the address of an element of an array of float32 or int32. */
export function element(base: Int, index: Int): Input<'i32'> {
  return i32.add(base, i32.shl(index, 2))
}

/** variable = the smaller of two unsigned numbers. */
export function atMost(variable: Local<'i32'>, value: Int, limit: Local<'i32'> | number): void {
  set(variable, value)
  i32.gt_u(variable, limit)
  if_(null, () => set(variable, limit))
}

/** Reads 32-bit integers that lie one behind the other. */
export function readInts(address: Local<'i32'>, variables: readonly Local<'i32'>[]): void {
  for (const [i, variable] of variables.entries()) set(variable, i32.load({ offset: 4 * i }, address))
}

/**
 * A vector of four times this number, as float32. By a splat, which engines take out of loops: V8 of Node 24 writes a
 * `v128.const` anew in each turn.
 */
export function constant(value: number): Vector {
  return f32x4.splat(value)
}

/**
 * A vector of zeros that sums begin with. Not `constant(0)`: V8 of Node 24 joins no pairs of splats, and then none of the sums,
 * into vectors of 256 bits.
 */
export function zero(): Vector {
  return v128.const('i32x4', [0, 0, 0, 0])
}
