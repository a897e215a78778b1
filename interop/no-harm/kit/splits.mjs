// Bytes as a client hands them to the network: in one piece, in few, or one by one; with and without
// pauses. Nagle is off, so that a piece is a segment unless the server is slower than the client.

export function split(bytes, r) {
  const way = r.weighted([
    [45, 'whole'],
    [35, 'few'],
    [10, 'two'],
    [4, 'single'],
  ])
  const cuts = []
  if (way === 'two') cuts.push(r.between(1, Math.max(1, bytes.length - 1)))
  if (way === 'few') for (let n = r.between(1, 6); n > 0; n--) cuts.push(r.below(bytes.length + 1))
  if (way === 'single') {
    const from = r.below(bytes.length)
    for (let n = 0; n < 30; n++) cuts.push(from + n)
  }
  const steps = []
  let at = 0
  for (const cut of [...new Set(cuts), bytes.length].sort((a, b) => a - b)) {
    if (cut <= at || cut > bytes.length) continue
    steps.push({ send: bytes.subarray(at, cut) })
    at = cut
    if (at < bytes.length && r.chance(0.8))
      steps.push({
        pause: r.weighted([
          [6, 0],
          [3, 1],
          [1, 5],
        ]),
      })
  }
  return steps
}
