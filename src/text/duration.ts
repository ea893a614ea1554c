/**
 * A time, no more exact than one wants to know it: tenths up to ten seconds, then seconds, and minutes after an hour.
 *
 * @example
 * duration(4.25) // '4.3 s'
 * duration(200) // '3 min 20 s'
 */
export function duration(seconds: number): string {
  const tenths = Number(seconds.toFixed(1))
  if (tenths < 10) return `${tenths} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes < 1) return `${whole} s`
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
