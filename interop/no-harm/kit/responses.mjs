// Responses of one connection, taken from its bytes as they come (RFC 9112 section 6.3). What cannot
// be a response is `garbage`: nothing that a server of HTTP may send.

export class Responses {
  /** Interim and final responses in order: { status, fields, length, head, whole }. */
  list = []
  garbage = undefined
  #unread = Buffer.alloc(0)
  #body = undefined
  #finals = 0
  #methodOf

  constructor(methodOf) {
    this.#methodOf = methodOf
  }

  get finals() {
    return this.#finals
  }

  take(chunk) {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    while (this.garbage === undefined && (this.#body ? this.#takeBody() : this.#takeHead()));
  }

  /** The connection is closed: content that ends with it is whole now. */
  end() {
    if (this.#body?.until === 'close') this.#finish()
    else if (this.#body === undefined && this.#unread.length > 0 && this.garbage === undefined) {
      this.garbage = `unfinished head: ${this.#unread.subarray(0, 80).toString('latin1')}`
    }
  }

  #takeHead() {
    const at = this.#unread.indexOf('\r\n\r\n')
    if (at < 0) {
      if (this.#unread.length > 0 && !'HTTP/1.'.startsWith(this.#unread.toString('latin1', 0, 7))) {
        this.garbage = this.#unread.subarray(0, 80).toString('latin1')
      }
      return false
    }
    const text = this.#unread.toString('latin1', 0, at)
    const lines = text.split('\r\n')
    const match = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/.exec(lines[0])
    if (match === null) {
      this.garbage = text.slice(0, 80)
      return false
    }
    this.#unread = this.#unread.subarray(at + 4)
    const fields = {}
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      fields[name] = name in fields ? `${fields[name]}, ${value}` : value
    }
    const status = Number(match[1])
    const response = { status, fields, length: 0, text: '', whole: false }
    this.list.push(response)
    if (status < 200 && status !== 101) {
      response.whole = true
      return true
    }
    const method = this.#methodOf(this.#finals)
    this.#finals += 1
    const bodyless = method === 'HEAD' || status === 204 || status === 304 || status === 101
    const until = bodyless
      ? 0
      : /chunked/i.test(fields['transfer-encoding'] ?? '')
        ? 'chunks'
        : 'content-length' in fields
          ? Number(fields['content-length'])
          : 'close'
    this.#body = { response, until, chunk: undefined }
    return true
  }

  #takeBody() {
    const { response, until } = this.#body
    if (until === 'chunks') return this.#takeChunk()
    const take = until === 'close' ? this.#unread.length : until - response.length
    const bytes = this.#unread.subarray(0, take)
    this.#add(bytes)
    this.#unread = this.#unread.subarray(bytes.length)
    if (until === 'close' || response.length < until) return false
    return this.#finish()
  }

  #takeChunk() {
    const body = this.#body
    if (body.chunk === undefined) {
      const at = this.#unread.indexOf('\r\n')
      if (at < 0) return false
      const size = Number.parseInt(this.#unread.toString('latin1', 0, at), 16)
      if (!(size >= 0)) {
        this.garbage = `chunk size: ${this.#unread.toString('latin1', 0, Math.min(at, 40))}`
        return false
      }
      this.#unread = this.#unread.subarray(at + 2)
      body.chunk = size
    }
    if (this.#unread.length < body.chunk + 2) return false
    this.#add(this.#unread.subarray(0, body.chunk))
    this.#unread = this.#unread.subarray(body.chunk + 2)
    const last = body.chunk === 0
    body.chunk = undefined
    return last ? this.#finish() : true
  }

  #add(bytes) {
    const { response } = this.#body
    response.length += bytes.length
    if (response.text.length < 400) {
      response.text = (response.text + bytes.toString('latin1', 0, 400)).slice(0, 400)
    }
  }

  #finish() {
    this.#body.response.whole = true
    this.#body = undefined
    return true
  }
}

export const isInterim = ({ status }) => status < 200 && status !== 101
export const saysClose = ({ fields }) => /(?:^|,)\s*close\s*(?:,|$)/i.test(fields.connection ?? '')
