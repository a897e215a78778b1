// Reads the answers to requests that are not pipelined: status and length, nothing else. The load
// generator must cost less than the server that it measures, so it knows only what servers here send.

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const LENGTH = /\r\ncontent-length: *(\d+)/i
const CLOSE = /\r\nconnection: *close/i
const EMPTY = Buffer.alloc(0)

export class AnswerReader {
  #pending = EMPTY
  #remaining = 0
  #answer

  reset() {
    this.#pending = EMPTY
    this.#remaining = 0
    this.#answer = undefined
  }

  /**
   * @returns `continue` for a 100 with nothing behind it yet, a whole final answer as
   * `{ status, closes }`, or nothing as long as there is more to come.
   */
  take(chunk) {
    let data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    let continued = false
    while (this.#answer === undefined) {
      const end = data.indexOf(END_OF_HEAD)
      if (end < 0) {
        this.#pending = Buffer.from(data)
        return continued && data.length === 0 ? 'continue' : undefined
      }
      const head = data.latin1Slice(0, end)
      data = data.subarray(end + END_OF_HEAD.length)
      const status = Number(head.slice(9, 12))
      if (status === 100) {
        continued = true
        continue
      }
      const length = LENGTH.exec(head)
      if (length === null) throw new Error(`An answer without Content-Length: ${head}`)
      this.#remaining = Number(length[1])
      this.#answer = { status, closes: CLOSE.test(head) }
    }
    this.#pending = EMPTY
    this.#remaining -= data.length
    if (this.#remaining > 0) return undefined
    const answer = this.#answer
    this.#answer = undefined
    return answer
  }
}
