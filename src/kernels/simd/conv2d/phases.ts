/** The input rows (or columns) whose place leaves one remainder: place i sees output i + shift through each tap. */
export interface Phase {
  readonly places: readonly number[]
  readonly taps: readonly { readonly tap: number; readonly shift: number }[]
}

export function phasesOf(length: number, kernel: number, stride: number, pad: number): Phase[] {
  const phases: Phase[] = []
  for (let remainder = 0; remainder < Math.min(stride, length); remainder++) {
    const places: number[] = []
    for (let place = remainder; place < length; place += stride) places.push(place)
    const taps = []
    for (let tap = 0; tap < kernel; tap++) {
      const shift = (remainder + pad - tap) / stride
      if (Number.isInteger(shift)) taps.push({ tap, shift })
    }
    phases.push({ places, taps })
  }
  return phases
}

/** How many outputs that do not exist are asked for before the first and behind the last. */
export function marginsOf(phases: readonly Phase[], outputs: number): [before: number, behind: number] {
  const asked = phases.flatMap(({ places, taps }) =>
    taps.flatMap(({ shift }) => [shift, places.length - 1 + shift]),
  )
  return [Math.max(0, -Math.min(0, ...asked)), Math.max(0, Math.max(0, ...asked) - outputs + 1)]
}
