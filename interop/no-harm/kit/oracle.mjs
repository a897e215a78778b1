// How Node itself reads a client's bytes when nothing is in its way: a plain `http.Server` in this
// process that gets them in one piece, over a stream instead of a socket, reads everything and
// answers nothing, so that no answer ends the connection. Run it on the Node line that is being proved.
import { createHash } from 'node:crypto'
import http from 'node:http'
import { Duplex } from 'node:stream'

const seenOf = new WeakMap()
/** A request without `Host` is answered by Node itself, and is read as any other. */
const options = {
  keepAliveTimeout: 0,
  requestTimeout: 0,
  headersTimeout: 0,
  requireHostHeader: false,
}
const server = http.createServer(options, take)
server.on('checkContinue', take)
server.on('checkExpectation', take)
server.on('clientError', (error, wire) => {
  const seen = seenOf.get(wire)
  if (seen === undefined) return
  seen.broken = error.code ?? error.message
  // All bytes are one packet, so this counts from the first of the connection.
  seen.brokenAt ??= error.bytesParsed
})
server.on('connect', (_request, wire) => {
  const seen = seenOf.get(wire)
  if (seen) seen.broken = 'CONNECT'
  wire.destroy()
})

function take(request) {
  const seen = seenOf.get(request.socket)
  if (seen === undefined) return
  const read = {
    method: request.method,
    url: request.url,
    version: request.httpVersion,
    headers: request.headers,
    hosts: request.headersDistinct.host?.length ?? 0,
    length: 0,
    sum: undefined,
    complete: false,
  }
  seen.requests.push(read)
  // What follows in the same segment is lost, in the next one it is not.
  if (/upgrade/i.test(request.headers.connection ?? '') && request.headers.upgrade)
    seen.unsure = true
  const hash = createHash('md5')
  request.on('data', (chunk) => {
    read.length += chunk.length
    hash.update(chunk)
  })
  request.on('end', () => {
    read.complete = request.complete
    read.sum = hash.digest('hex').slice(0, 8)
  })
  request.on('error', () => undefined)
}

class Wire extends Duplex {
  _read() {}
  _write(_chunk, _encoding, done) {
    done()
  }
  _final(done) {
    done()
  }
  setTimeout() {
    return this
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Resolves with { requests, broken, brokenAt, unsure, half }: each request with method, url, content and whether
 * it was whole; how and at which byte it stopped being HTTP. Unsure is what Node makes of bytes behind an upgrade
 * that nobody takes; half, whether a client that ends there ends in the midst of a request. */
export async function readAsNode(bytes) {
  const seen = { requests: [], broken: undefined, brokenAt: undefined, unsure: false, half: false }
  const wire = new Wire()
  seenOf.set(wire, seen)
  wire.on('error', () => undefined)
  server.emit('connection', wire)
  wire.push(bytes)
  // Content is handed on in turns; all of it is there, so a few are enough, and the end comes last.
  for (let i = 0; i < 3; i++) await turn()
  let before = -1
  while (before !== progress(seen)) {
    before = progress(seen)
    await turn()
    await turn()
  }
  const { broken, brokenAt } = seen
  wire.push(null)
  await turn()
  seen.half = broken === undefined && seen.broken !== undefined
  seenOf.delete(wire)
  wire.destroy()
  return { ...seen, broken, brokenAt }
}

function progress({ requests, broken }) {
  return (
    requests.reduce((sum, { length, complete }) => sum + 1 + length + (complete ? 1 : 0), 0) +
    (broken ? 1 : 0)
  )
}
