// One request over HTTP/2, and what came back: Node's client, with the frames of the server beside it.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { ClientHttp2Stream } from 'node:http2'
import { type FramedSession, framedSession } from '../../support/framed-session.js'
import { within } from '../../support/server.js'
import type { Site } from './input.js'

export interface StreamAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export class StreamTalk {
  readonly stream: ClientHttp2Stream
  interims = 0
  readonly #answer: Promise<StreamAnswer>
  readonly #over: Promise<void>

  constructor(
    readonly session: FramedSession,
    headers: OutgoingHttpHeaders,
    endStream = false,
  ) {
    this.stream = session.client.request({ ':method': 'POST', ...headers }, { endStream })
    const { stream } = this
    stream.on('continue', () => {
      this.interims += 1
    })
    stream.on('error', () => undefined)
    this.#over = new Promise((resolve) => stream.once('close', () => resolve()))
    this.#answer = new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      stream.once('response', (received) => {
        // A client that is still sending may see the reset behind the answer before the end of it.
        stream.once('close', () =>
          resolve({ status: received[':status'] ?? 0, headers: received, text: '' }),
        )
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.once('end', () =>
          resolve({
            status: received[':status'] ?? 0,
            headers: received,
            text: Buffer.concat(parts).toString('utf8'),
          }),
        )
      })
      stream.once('close', () => reject(new Error(`the stream ended with ${stream.rstCode}`)))
    })
    this.#answer.catch(() => undefined)
  }

  answer(ms = 5_000): Promise<StreamAnswer> {
    return within('an answer on a stream', this.#answer, ms)
  }

  /** The stream is over on both sides. */
  over(ms = 5_000): Promise<void> {
    return within('the end of a stream', this.#over, ms)
  }
}

export async function sessionWith(site: Site): Promise<FramedSession> {
  const session = await framedSession(site.at)
  // Node's client fails an assertion when it is destroyed behind a stream that has ended.
  site.atEnd.push(() => session.client.destroy())
  return session
}

/** `/ok` on the same session: it is of use. */
export async function sessionServes(session: FramedSession): Promise<void> {
  const talk = new StreamTalk(session, { ':method': 'GET', ':path': '/ok' }, true)
  expect((await talk.answer()).text).toBe('ok')
}
