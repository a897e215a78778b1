// A relay that counts: what passes between two programs, in bytes, and which interim answers.
// It lets content through slowly, so that an early answer has time to be early on any machine.
import net, { type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterThisTest } from './cleanup.js'

export interface Tap {
  readonly port: number
  /** What has passed since the last `reset`. */
  seen(): Passed
  reset(): void
  /** Waits until nothing has passed for a moment: what is counted then is all there was. */
  quiet(): Promise<void>
}

export interface Passed {
  /** Towards the server, heads and all. */
  readonly bytes: number
  /** Interim `100` answers on their way back. */
  readonly continues: number
  /** Milliseconds from the first byte there to the first one back; for tables, not for tests. */
  readonly answeredMs: number
}

/** About 50 MB a second: no test waits for it, and no refusal loses the race against it. */
const PIECE_BYTES = 262_144
const PIECE_MS = 5
const QUIET_MS = 60

export async function tap(to: { readonly port: number }): Promise<Tap> {
  const sockets = new Set<net.Socket>()
  let bytes = 0
  let continues = 0
  let begunAt = 0
  let answeredMs = 0
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    pass(near, far, PIECE_MS, (chunk) => {
      if (bytes === 0) begunAt = performance.now()
      bytes += chunk.length
    })
    pass(far, near, 0, (chunk) => {
      answeredMs ||= performance.now() - begunAt
      continues += chunk.toString('latin1').split('HTTP/1.1 100').length - 1
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return {
    port: (server.address() as AddressInfo).port,
    seen: () => ({ bytes, continues, answeredMs }),
    reset: () => {
      bytes = 0
      continues = 0
      answeredMs = 0
    },
    quiet: async () => {
      for (let before = -1; before !== bytes; ) {
        before = bytes
        await pause(QUIET_MS)
      }
    },
  }
}

/** Everything, in order, with its end; `pauseMs` after each full piece. */
function pass(
  from: net.Socket,
  to: net.Socket,
  pauseMs: number,
  note: (chunk: Buffer) => void,
): void {
  let sinceLast = 0
  from.on('data', (chunk: Buffer) => {
    note(chunk)
    sinceLast += chunk.length
    const isFree = to.write(chunk)
    const isDue = pauseMs > 0 && sinceLast >= PIECE_BYTES
    if (isDue) sinceLast = 0
    if (isFree && !isDue) return
    from.pause()
    if (isDue) setTimeout(() => from.resume(), pauseMs)
    else to.once('drain', () => from.resume())
  })
  from.on('end', () => to.end())
  // Not `resetAndDestroy()`: on a socket that is ending it fails and leaks the handle, and Node 20
  // then spins for ever when the process exits.
  from.on('error', () => to.destroy())
  from.on('close', () => {
    // Gone without a word: the other side must hear of it too.
    if (!from.readableEnded) to.destroy()
  })
}
