// Plays one scenario over a connection of its own: the steps, then the end. What came back is told
// when the socket is closed; nothing waits without a bound.
import net from 'node:net'
import { isInterim, Responses } from './responses.mjs'

const DEADLINE = 60
/** How long a silent client stays before it goes without a word. */
const SILENCE = 6

/**
 * An address of this connection alone, so that a port that is used again is no other connection's.
 * All of 127.0.0.0/8 is loopback on Linux.
 */
let connections = 0
function own() {
  if (process.platform !== 'linux') return {}
  connections = (connections + 1) % 0xf00000
  const n = connections + 0x010001
  return { localAddress: `127.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }
}

/**
 * @param expected - how many finals this scenario can bring; with all of them there, and the last one
 *   whole unless it is `endless`, the client ends without waiting any longer.
 * @param quiet - for how many beats nothing may come before a client that is owed something gives up.
 * @param beats - of the server; the pauses between pieces alone are of this machine's time.
 */
export function play(scenario, { port, methodOf, expected, endless, quiet, beats }) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, ...own() })
    const responses = new Responses(methodOf)
    const seen = {
      responses: responses.list,
      ended: false,
      error: undefined,
      sent: 0,
      gaveUp: false,
    }
    let step = 0
    let over = false
    let callOff = () => undefined
    const callOffDeadline = beats.after(DEADLINE + quiet, () => {
      seen.stuck = true
      socket.destroy()
    })

    const pause = (ms, action) => {
      if (ms === 0) setImmediate(action)
      else setTimeout(action, ms)
    }
    const after = (count, action) => {
      callOff()
      callOff = beats.after(count, action)
    }
    const finish = () => {
      if (over) return
      over = true
      callOff()
      if (scenario.end === 'rst') socket.resetAndDestroy()
      else if (scenario.end !== 'wait' && scenario.end !== 'fin') socket.destroy()
      else socket.end()
    }
    const idle = () => {
      if (over) return
      const last = responses.list.at(-1)
      if (responses.finals >= expected && (endless || expected === 0 || last.whole)) finish()
      else
        after(quiet, () => {
          seen.gaveUp = true
          finish()
        })
    }
    const next = () => {
      if (over || socket.destroyed) return
      const now = scenario.steps[step++]
      if (now === undefined) {
        if (scenario.end === 'wait') idle()
        else if (scenario.end === 'silence') after(SILENCE, finish)
        else if (scenario.endAfterMs > 0) pause(scenario.endAfterMs, finish)
        // With what was sent: the server reads the end in the turn behind it.
        else finish()
      } else if (now.send) {
        seen.sent += now.send.length
        socket.write(now.send)
        next()
      } else if (now.await) awaitAnswer(now)
      else pause(now.pause, next)
    }
    /**
     * A client that asked, behind so many finals: content follows a 100, also when the final is read
     * together with it; a final that comes instead ends the script.
     */
    let waiting
    const awaitAnswer = ({ await: count, behind = 0 }) => {
      waiting = () => {
        const answered = responses.finals > behind
        const called = isCalled(responses.list, behind)
        if (!answered && !called) return
        waiting = undefined
        callOff()
        if (!called) step = scenario.steps.length
        next()
      }
      after(count, () => {
        waiting = undefined
        next()
      })
      waiting()
    }

    socket.once('connect', () => {
      seen.key = `${socket.localAddress}:${socket.localPort}`
      next()
    })
    socket.on('data', (chunk) => {
      responses.take(chunk)
      if (waiting !== undefined) waiting()
      else if (step > scenario.steps.length && scenario.end === 'wait') idle()
    })
    socket.on('end', () => {
      seen.ended = true
      over = true
      responses.end()
      socket.end()
    })
    socket.on('error', (error) => {
      seen.error = error.code ?? error.message
    })
    socket.once('close', () => {
      callOff()
      callOffDeadline()
      seen.garbage = responses.garbage
      resolve(seen)
    })
  })
}

/** Whether an interim response stands behind so many finals. */
function isCalled(list, behind) {
  let finals = 0
  for (const response of list) {
    if (!isInterim(response)) finals += 1
    else if (finals === behind) return true
  }
  return false
}
