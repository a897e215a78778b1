// Medians, and how far they can be trusted: the interval holds the true median with at least 95 %,
// whatever the distribution (order statistics, sign test).

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function interval(values) {
  const sorted = values.toSorted((a, b) => a - b)
  let cut = 0
  while (cut + 1 < sorted.length / 2 && coverage(sorted.length, cut + 1) >= 0.95) cut += 1
  return [sorted[cut], sorted[sorted.length - 1 - cut]]
}

/** Probability that the median lies between the value `cut` from below and the one from above. */
function coverage(count, cut) {
  let ways = 1
  let outside = 0
  for (let at = 0; at <= cut; at += 1) {
    outside += ways
    ways = (ways * (count - at)) / (at + 1)
  }
  return 1 - (2 * outside) / 2 ** count
}

export function ratioOf(values) {
  return { median: median(values), interval: interval(values) }
}

/** A difference is one only when it is larger than what the same server twice shows. */
export function isDifferent(ratio, control) {
  const [low, high] = ratio.interval
  return (low > 1 || high < 1) && Math.abs(ratio.median - 1) > noiseOf(control)
}

/** How far the same server twice may seem to differ from itself. */
export function noiseOf(control) {
  return Math.max(...control.interval.map((end) => Math.abs(end - 1)))
}
