// One HTTP/2 stream after the other on a session that several lanes share: the same requests as on
// HTTP/1.1, by a client that speaks Expect and stops sending when the final answer is there.

import http2 from 'node:http2'

const { NGHTTP2_NO_ERROR } = http2.constants
const PATIENCE_MS = 500
/** Lanes that share a session: as a proxy's connections to a server, none of them alone. */
const LANES_EACH = 6

/** @returns As many lanes as are asked for, on sessions that close when all of them have ended. */
export async function openStreamLanes({ port, lanes, request, tally, tls }) {
  const sessions = await Promise.all(
    Array.from({ length: Math.ceil(lanes / LANES_EACH) }, () => connect(port, tls, tally)),
  )
  return Array.from(
    { length: lanes },
    (_, at) => new StreamLane(sessions[at % sessions.length], request, tally),
  )
}

async function connect(port, tls, tally) {
  const session = http2.connect(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
    settings: { enablePush: false },
  })
  session.on('error', (error) => tally.failed(error.code))
  session.on('goaway', (code) => tally.failed(`GOAWAY ${code}`))
  await new Promise((resolve) => session.once('remoteSettings', resolve))
  session.lanes = 0
  return session
}

class StreamLane {
  #session
  #stopped = false

  constructor(session, request, tally) {
    this.#session = session
    session.lanes += 1
    this.request = request
    this.fields = fieldsOf(request)
    this.tally = tally
    this.#send()
  }

  stop() {
    this.#stopped = true
  }

  #send() {
    const { request, tally } = this
    const { content, when, repeat = 1 } = request
    const stream = this.#session.request(this.fields, { endStream: content === undefined })
    let status
    let left = repeat
    const sendContent = () => {
      while (left > 0 && status === undefined) {
        left -= 1
        tally.sentBytes += content.length
        if (left === 0 && !request.closes) stream.end(content)
        else if (!stream.write(content)) return
      }
    }
    if (when === 'at-once') sendContent()
    else if (when === 'asked') stream.once('continue', sendContent)
    if (repeat > 1 || request.closes) stream.on('drain', sendContent)
    stream.once('response', (fields) => {
      status = fields[':status']
    })
    stream.once('end', () => {
      tally.answered(status)
      if (!stream.writableEnded) this.#leaveToServer(stream)
      this.#next()
    })
    stream.on('error', (error) => tally.failed(error.code))
    stream.once('close', () => {
      if (status !== undefined) return
      tally.lost()
      this.#next()
    })
    stream.resume()
  }

  /**
   * The server resets a stream whose content it does not want (RFC 9113 section 8.1). Servers count the
   * resets of a client, and end a session that has more than some hundreds of them.
   */
  #leaveToServer(stream) {
    const timer = setTimeout(() => stream.close(NGHTTP2_NO_ERROR), PATIENCE_MS)
    stream.once('close', () => clearTimeout(timer))
  }

  #next() {
    if (this.#stopped || this.#session.closed || this.#session.destroyed) this.#end()
    else this.#send()
  }

  #end() {
    this.tally.laneEnded()
    this.#session.lanes -= 1
    if (this.#session.lanes === 0) this.#session.close()
  }
}

/** The bytes of an HTTP/1.1 head, as fields of HTTP/2. */
function fieldsOf({ head }) {
  const [line, ...fields] = head.toString('latin1').trimEnd().split('\r\n')
  const [method, path] = line.split(' ')
  const named = fields.map((field) => field.split(': '))
  const host = named.find(([name]) => name === 'Host')[1]
  const rest = named
    .filter(([name]) => name !== 'Host')
    .map(([name, value]) => [name.toLowerCase(), value])
  return { ':method': method, ':path': path, ':authority': host, ...Object.fromEntries(rest) }
}
