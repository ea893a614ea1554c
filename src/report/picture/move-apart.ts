/**
 * Moves positions apart where they are too near to each other, all together as little as may be.
 *
 * @param wanted in any order
 * @param distance from one to the next, at least
 * @param from the least position, and `to` the greatest; all must have room between
 * @returns the positions in the order of `wanted`
 */
export function moveApart(wanted: readonly number[], distance: number, from: number, to: number): number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b] || a - b)
  // Less the distances of those before it, a position must only be no smaller than the one before.
  const groups: { sum: number; count: number }[] = []
  for (const [rank, i] of order.entries()) {
    let group = { sum: wanted[i] - rank * distance, count: 1 }
    let before = groups.at(-1)
    while (before && before.sum / before.count > group.sum / group.count) {
      group = { sum: before.sum + group.sum, count: before.count + group.count }
      groups.pop()
      before = groups.at(-1)
    }
    groups.push(group)
  }
  const most = to - (wanted.length - 1) * distance
  const moved = groups.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count))
  const placed = new Array<number>(wanted.length)
  for (const [rank, i] of order.entries()) {
    placed[i] = Math.max(from, Math.min(most, moved[rank])) + rank * distance
  }
  return placed
}
