// What must hold of every connection, whatever its bytes. `read` is how plain Node reads them, `seen`
// what the client saw, `log` what the server's side noted. Each finding is one line that begins with
// the name of the invariant.

import { bytesOf } from '../kit/bytes.mjs'
import { isInterim, saysClose } from '../kit/responses.mjs'
import { READERS, roomOf } from '../kit/rooms.mjs'

export const LIMIT = 1024

export function findingsOf({ what, scenario, read, seen, log }) {
  const found = []
  const finals = finalsOf(what, seen, read)
  const context = {
    what,
    scenario,
    read,
    seen,
    log,
    finals,
    allSent: seen.sent === bytesOf(scenario).length,
  }
  for (const [name, check] of Object.entries(INVARIANTS)) {
    if (read.unsure && NEEDS_READING.has(name)) continue
    for (const fault of check(context)) found.push(`${name}: ${fault}`)
  }
  return found
}

/**
 * Fastify answers a broken request by writing to the socket itself, whatever has been written before;
 * so it does without the library.
 */
function finalsOf({ integration }, { responses }, { broken, requests }) {
  const finals = responses.filter((response) => !isInterim(response))
  const spoilt = broken !== undefined || requests.at(-1)?.complete === false
  const own = integration === 'fastify' && finals.length > 1 && spoilt
  const last = finals.at(-1)
  return own && last.status >= 400 && last.fields['x-n'] === undefined
    ? finals.slice(0, -1)
    : finals
}

/**
 * What it writes, into a response that is under way too, and behind the head of an answer to HEAD. So it
 * does without the library.
 */
const OF_FASTIFY =
  /HTTP\/1\.1 (?:400 Bad Request|408 Request Timeout|431 Request Header)|^\{"error":"(?:Bad Request|Request Timeout|Request Header)/

/** Invariants that say how many requests there are. */
const NEEDS_READING = new Set([
  'requests as Node reads them',
  'nobody dropped without a word',
  'content as it was sent',
  'limits hold',
])

/** A request without content and without `Expect` is Node's alone. */
const isOurs = ({ headers, length }) =>
  headers.expect !== undefined || headers['transfer-encoding'] !== undefined || length > 0

const INVARIANTS = {
  *'only responses on the wire'({ seen, what, read, log }) {
    if (seen.garbage === undefined || seen.garbage.startsWith('unfinished')) return
    // The client takes the head of an answer for one with content where it does not know of the HEAD.
    const unknown = read.unsure ? (log?.parsed.slice(read.requests.length) ?? []) : []
    if (unknown.some(([method]) => method === 'HEAD')) return
    if (what.integration !== 'fastify' || !OF_FASTIFY.test(seen.garbage)) yield seen.garbage
  },
  *'finals in order, each its own'({ finals }) {
    for (const [i, { status, fields }] of finals.entries()) {
      const n = fields['x-n']
      if (n !== undefined && Number(n) !== i) yield `final ${i} (${status}) is that of request ${n}`
    }
  },
  *'requests as Node reads them'({ read, log }) {
    if (log === undefined) return
    if (log.parsed.length > read.requests.length)
      yield `${log.parsed.length} of ${read.requests.length}`
    for (const [i, [method, url]] of log.parsed.entries()) {
      const right = read.requests[i]
      if (right && (right.method !== method || right.url !== url))
        yield `request ${i} is ${method} ${url}`
    }
    const dispatched = log.events.filter((e) => /^d\d/.test(e)).map((e) => Number(e.slice(1)))
    if (new Set(dispatched).size < dispatched.length) yield `dispatched ${dispatched}`
  },
  *'a 100 only where it is asked for, once'({ read, seen, scenario }) {
    let index = 0
    let hundreds = 0
    for (const response of seen.responses) {
      if (!isInterim(response)) {
        index += 1
        hundreds = 0
        continue
      }
      hundreds += 1
      const request = read.requests[index]
      if (response.status !== 100) yield `status ${response.status}`
      if (hundreds > 1) yield `request ${index} got ${hundreds}`
      const known = read.broken === undefined && !read.unsure
      if (request === undefined ? known : !mayContinue(request, scenario)) {
        yield `request ${index} (${request?.headers.expect}) got one`
      }
    }
  },
  *'nothing behind a close'({ finals, log, read }) {
    const at = finals.findIndex(saysClose)
    if (at < 0) return
    if (at < finals.length - 1) yield `final ${at} says close, ${finals.length - 1 - at} follow`
    const finished = log?.events.indexOf(`f${at}`) ?? -1
    if (finished < 0 || finals[at].fields['x-n'] === undefined) return
    // Node's own answer to a request without `Host`, which no application and no library sees.
    if (finals[at].status === 400 && read.requests[at]?.headers.host === undefined) return
    const later = log.events.slice(finished).find((e) => /^d\d/.test(e) && Number(e.slice(1)) > at)
    if (later) yield `request ${later.slice(1)} was dispatched after final ${at} said close`
  },
  *'nobody dropped without a word'(context) {
    const { scenario, read, seen, finals, allSent } = context
    if (scenario.end !== 'wait' || read.broken !== undefined || !allSent) return
    const rooms = read.requests.map(roomOf)
    const next = finals.length
    if (rooms.includes('destroy') || rooms.slice(0, next + 1).includes('sse')) return
    const last = finals.at(-1)
    if (last !== undefined && !last.whole) {
      const request = read.requests[next - 1]
      // A client that sends on behind a close resets the answer before it, where nothing is ours to look after.
      if (saysClose(last) && !read.requests.slice(0, next).some(isOurs)) return
      if (request?.complete && !(scenario.door === 'limited' && request.length > LIMIT)) {
        yield `final ${next - 1} (${last.status}) is cut`
      }
      return
    }
    if (last !== undefined && (saysClose(last) || last.status === 101)) return
    const owed = read.requests[next]
    if (owed === undefined || !owed.complete) return
    // Node answers it by itself, says close, and does not wait for the content: nobody else sees it.
    if (owed.headers.host === undefined && owed.version === '1.1') return
    const how = seen.error ?? (seen.gaveUp ? 'silence' : seen.stuck ? 'stuck' : 'FIN')
    yield `request ${next} (${owed.method} ${owed.url}) got no answer: ${how}`
  },
  *'content as it was sent'({ scenario, read, log, finals, allSent }) {
    const last = finals.findIndex(saysClose)
    for (const event of log?.events ?? []) {
      const match = /^r(\d+):(\d+):(\w*):(\w+)$/.exec(event)
      if (match === null) continue
      const [n, length] = [Number(match[1]), Number(match[2])]
      const right = read.requests[n]
      if (right === undefined) continue
      // Behind an answer without an end, or none at all, its turn comes with the end of the connection.
      if (read.requests.slice(0, n).some((r) => ['sse', 'destroy'].includes(roomOf(r)))) continue
      // Who begins to read behind the answer sees the end alone, with Node too.
      if (match[4] === 'end' && length === 0 && roomOf(right) === 'resume') continue
      if (match[4] === 'end') {
        if (length !== right.length || match[3] !== right.sum)
          yield `request ${n}: ${length} of ${right.length}, ${match[3]} for ${right.sum}`
        continue
      }
      const over = scenario.door === 'limited' && right.length > LIMIT
      // Dispatched before an earlier answer said close: who reads is told that nobody gets its answer.
      const behind = last >= 0 && last < n
      if (
        right.complete &&
        !behind &&
        allSent &&
        scenario.end === 'wait' &&
        read.broken === undefined &&
        !over
      ) {
        yield `request ${n} (${right.url}): cut after ${length} of ${right.length}`
      }
    }
  },
  *'limits hold'({ scenario, read, log, finals }) {
    if (scenario.door !== 'limited') return
    for (const [n, request] of read.requests.entries()) {
      const final = finals[n]
      if (request.complete && request.length <= LIMIT && final?.status === 413) {
        yield `request ${n} with ${request.length} got 413`
      }
      if (request.length <= LIMIT) continue
      const whole = log?.events.find((e) => e.startsWith(`r${n}:`) && e.endsWith(':end'))
      if (whole) yield `request ${n} with ${request.length} was read to its end`
      if (final !== undefined && final.status < 300 && READERS.has(roomOf(request))) {
        yield `request ${n} with ${request.length} got ${final.status}`
      }
    }
  },
}

/** RFC 9110 section 10.1.1: of HTTP/1.1 on, with content, and an `Expect` that says nothing else. */
function mayContinue({ version, headers, method }) {
  if (version === '1.0' || version === '0.9') return false
  const members = String(headers.expect ?? '')
    .split(',')
    .map((m) => m.trim())
    .filter(Boolean)
  if (members.length === 0 || members.some((m) => m.toLowerCase() !== '100-continue')) return false
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length']) > 0 ||
    method === 'CONNECT'
  )
}
