// A link of limited rate and real delay, made of a relay: tc's netem is not on every machine. Each
// direction sends at the rate, delivers after the delay and holds little, as a router does. TCP's own
// slow start is not part of it, so real links are slower for everybody, never faster.

import net from 'node:net'
import { fileURLToPath } from 'node:url'

const QUEUE_BYTES = 128 * 1024
/** What is sent in one go: small enough that rate and delay hold for the first byte of a chunk too. */
const PACKET_BYTES = 4096

function direction(from, to, { bytesPerMs, delayMs }) {
  let sentUntil = 0
  let queued = 0
  // Node takes whole milliseconds: of two timers set in the same one, the later may fire first. What
  // fires does what is next, or a FIN would overtake the answer before it.
  const underWay = []
  const next = () => underWay.shift()()
  const later = (action, bytes) => {
    const now = performance.now()
    sentUntil = Math.max(sentUntil, now) + bytes / bytesPerMs
    underWay.push(action)
    setTimeout(next, sentUntil + delayMs - now)
  }
  const most = QUEUE_BYTES + bytesPerMs * delayMs
  const deliver = (packet) => {
    const taken = () => {
      queued -= packet.length
      if (queued <= most) from.resume()
    }
    if (to.destroyed || to.write(packet)) taken()
    else to.once('drain', taken)
  }
  from.on('data', (chunk) => {
    queued += chunk.length
    if (queued > most) from.pause()
    for (let at = 0; at < chunk.length; at += PACKET_BYTES) {
      const packet = chunk.subarray(at, at + PACKET_BYTES)
      later(() => deliver(packet), packet.length)
    }
  })
  from.on('end', () => later(() => to.end(), 0))
  from.on('error', () => undefined)
  from.on('close', () => later(() => to.destroy(), 0))
}

export function createLink(port, shape) {
  return net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    direction(near, far, shape)
    direction(far, near, shape)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port, megabitsPerSecond, roundTripMs] = process.argv.slice(2).map(Number)
  const shape = { bytesPerMs: (megabitsPerSecond * 1e6) / 8 / 1000, delayMs: roundTripMs / 2 }
  const link = createLink(port, shape)
  link.listen(0, '127.0.0.1', () => process.send(link.address().port))
  process.on('disconnect', () => process.exit())
}
