/** A bar as Keras draws it: `━━━━━━╸─────────`, `width` characters, filled to `fraction` (0 … 1). */
export function bar(fraction: number, width: number): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction)) * width * 2)
  const full = halves >> 1
  const half = halves & 1
  return '━'.repeat(full) + '╸'.repeat(half) + '─'.repeat(width - full - half)
}
