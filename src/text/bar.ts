/** A bar as Keras draws it: `━━━━━━╸─────────`, `width` characters, filled to `fraction` (0 … 1). */
export function bar(fraction: number, width: number): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction)) * width * 2)
  const full = halves >> 1
  const half = halves & 1
  return '━'.repeat(full) + '╸'.repeat(half) + '─'.repeat(width - full - half)
}

/** A duration as people read it: `850 ms`, `4.2 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
