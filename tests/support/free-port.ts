// A port for programs that cannot choose one by themselves, free a moment ago. It is below those that the
// system hands out for port 0 (from 32768 on), so that none of the many servers of other tests is given it.
import { randomInt } from 'node:crypto'
import net from 'node:net'

const FIRST = 15_000
const BEHIND_LAST = 22_000
const TRIES = 100

/** @param other - Is not given again. */
export async function freePort(other?: number): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = randomInt(FIRST, BEHIND_LAST)
    if (port !== other && (await isFree(port))) return port
  }
  throw new Error(`${TRIES} ports were tried, and none was free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
