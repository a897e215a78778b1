// The model server for HTTP/2, right unless told to be wrong. For the package's own tests only.

import http2 from 'node:http2'
import { asksForContinue, membersOf } from '../generated/model.js'
import { listening, type ModelServer } from './listening.js'
import { LIMIT, told } from './roles.js'

export interface Http2Defects {
  readonly match?: 'never' | 'always' | 'exact' | 'loose'
  readonly unknown?: 'hang'
  readonly interim?: 'eager' | 'double'
  readonly refusal?: 'open' | 'truncated' | 'goaway' | 'keeps-window'
  readonly status?: 200
  readonly losesLastByte?: true
  readonly hangsWithoutContent?: true
  readonly waitsForContent?: true
}

export const http2Mutants: Readonly<Record<string, Http2Defects>> = {
  'h2-never-100': { match: 'never' },
  'h2-always-100': { match: 'always' },
  'h2-exact-match': { match: 'exact' },
  'h2-loose-match': { match: 'loose' },
  'h2-unknown-hangs': { match: 'exact', unknown: 'hang' },
  'h2-eager-100': { interim: 'eager' },
  'h2-double-100': { interim: 'double' },
  'h2-refusal-left-open': { refusal: 'open' },
  'h2-refusal-truncated': { refusal: 'truncated' },
  'h2-refusal-ends-connection': { refusal: 'goaway' },
  'h2-keeps-window': { refusal: 'keeps-window' },
  'h2-accepts-everything': { status: 200 },
  'h2-loses-last-byte': { losesLastByte: true },
  'h2-hangs-without-content': { hangsWithoutContent: true },
  'h2-waits-for-content': { waitsForContent: true },
}

const END_STREAM = 1
const refusals: Readonly<Record<string, number>> = { '/refuses': 401, '/throws': 500, '/busy': 503 }

export async function startHttp2Model(defects: Http2Defects = {}): Promise<ModelServer> {
  const server = http2.createServer()
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream, head, flags) => {
    stream.on('error', () => undefined)
    new Exchange(stream, head, (flags & END_STREAM) !== 0, defects).serve()
  })
  return listening(server, sessions)
}

class Exchange {
  constructor(
    private readonly stream: http2.ServerHttp2Stream,
    private readonly head: http2.IncomingHttpHeaders,
    private readonly ended: boolean,
    private readonly defects: Http2Defects,
  ) {}

  serve(): void {
    const { defects } = this
    const path = this.head[':path'] ?? ''
    if (defects.hangsWithoutContent && this.ended && this.head.expect !== undefined) return
    const meant = this.#expectation()
    if (meant === 'unmet') {
      if (defects.unknown !== 'hang') this.#refuse(417)
      return
    }
    if (meant === 'continue' && defects.interim === 'eager') this.#continue()
    if (path === '/hello') {
      if (meant === 'continue' && defects.match === 'always') this.#continue()
      this.#end(200, 'hello')
      return
    }
    const status = this.#statusOf(path)
    if (status !== undefined) {
      this.#refuse(defects.status ?? status)
      return
    }
    if (meant === 'continue') this.#continue()
    if (defects.interim === 'double' && meant === 'continue') this.#continue()
    this.#read()
  }

  #statusOf(path: string): number | undefined {
    if (path === '/limit') return Number(this.head['content-length'] ?? 0) > LIMIT ? 413 : undefined
    return path === '/reads' ? undefined : (refusals[path] ?? 404)
  }

  #expectation(): 'none' | 'continue' | 'unmet' {
    const value = this.head.expect
    const { match } = this.defects
    if (match === 'always') return 'continue'
    if (value === undefined || match === 'never') return 'none'
    if (match === 'exact') return value === '100-continue' ? 'continue' : 'unmet'
    if (match === 'loose') return /100|something/.test(value) ? 'continue' : 'unmet'
    const members = membersOf(value)
    if (members === undefined) return 'unmet'
    if (members.length === 0 || this.ended) return 'none'
    return members.every((member) => asksForContinue([member])) ? 'continue' : 'unmet'
  }

  #continue(): void {
    if (!this.stream.closed) this.stream.additionalHeaders({ ':status': 100 })
  }

  #read(): void {
    const parts: Buffer[] = []
    this.stream.on('data', (part: Buffer) => parts.push(part))
    this.stream.on('end', () => {
      const content = Buffer.concat(parts)
      const read = this.defects.losesLastByte ? content.subarray(1) : content
      this.#end(200, told(read).body ?? '')
    })
  }

  #end(status: number, body: string): void {
    if (this.stream.closed || this.stream.headersSent) return
    this.stream.respond({ ':status': status, 'content-type': 'text/plain' })
    this.stream.end(body)
  }

  #refuse(status: number): void {
    const { defects, stream } = this
    if (defects.waitsForContent && !this.ended) {
      stream.resume()
      stream.on('end', () => this.#end(status, 'no'))
      return
    }
    this.#end(status, 'no')
    const close = (): void => stream.close(http2.constants.NGHTTP2_NO_ERROR)
    switch (defects.refusal) {
      case 'open':
        stream.resume()
        return
      case 'keeps-window':
        stream.on('data', () => undefined).pause()
        return
      case 'truncated':
        stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
        return
      case 'goaway': {
        const { session } = stream
        stream.once('finish', () => session?.destroy())
        return
      }
      default:
        // Closing in the same tick would cut the answer short (R37).
        stream.once('finish', () => setTimeout(close, 5))
    }
  }
}
