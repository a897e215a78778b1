// Many clients, each of which uploads again and again: it asks with 100-continue, sends when it is
// told to, leaves midway now and then, and comes back a little later when it is refused.

import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface LoadSettings {
  readonly clients: number
  /** Uploads at the least. */
  readonly uploads: number
  readonly tenants: number
  readonly leastBytes: number
  readonly mostBytes: number
  /** Parts of the uploads, 0 to 1. */
  readonly leaving: number
  readonly chunked: number
}

export interface Tally {
  done: number
  refused: number
  left: number
  broken: number
  /** Content bytes sent by uploads that were refused, with a declared length and without. */
  inVain: number
  inVainDeclared: number
  sent: number
  /** How often uploads were refused for what reason, and which of them midway. */
  readonly reasons: Record<string, number>
  /** Milliseconds until a refusal was there, at the most. */
  slowestRefusal: number
}

type End = 'done' | 'refused' | 'left' | 'broken'

export class Load {
  readonly tally: Tally = {
    done: 0,
    refused: 0,
    left: 0,
    broken: 0,
    inVain: 0,
    inVainDeclared: 0,
    sent: 0,
    reasons: {},
    slowestRefusal: 0,
  }
  readonly #settings: LoadSettings
  readonly #ports: () => readonly number[]
  #mayEnd = false
  /** Uploads begun; each of them is brought to its end. */
  begun = 0

  /** @param ports - Of the servers that are there now. */
  constructor(settings: LoadSettings, ports: () => readonly number[]) {
    this.#settings = settings
    this.#ports = ports
  }

  async run(): Promise<Tally> {
    const { clients } = this.#settings
    await Promise.all(Array.from({ length: clients }, (_, number) => this.#client(number)))
    return this.tally
  }

  /** Clients go on beyond the number of uploads until this is said. */
  mayEnd(): void {
    this.#mayEnd = true
  }

  async #client(number: number): Promise<void> {
    const { uploads, leaving, chunked, tenants, leastBytes, mostBytes } = this.#settings
    while (!this.#mayEnd || this.begun < uploads) {
      this.begun += 1
      const upload = {
        bytes: leastBytes + Math.floor(Math.random() * (mostBytes - leastBytes)),
        leaves: Math.random() < leaving,
        chunked: Math.random() < chunked,
        tenant: `t${number % tenants}`,
      }
      // Until it is through, or has left on purpose.
      for (;;) {
        const end = await this.#upload(upload)
        this.tally[end] += 1
        if (end === 'done' || end === 'left') break
        await sleep(50 + Math.random() * 150)
      }
    }
  }

  #noteReason(status: number | undefined, text: string, midway: boolean): void {
    const reason = /"reason":\s?"(\w+)"/.exec(text)?.[1] ?? String(status)
    const key = midway ? `${reason} midway` : reason
    this.tally.reasons[key] = (this.tally.reasons[key] ?? 0) + 1
  }

  #upload(upload: {
    readonly bytes: number
    readonly leaves: boolean
    readonly chunked: boolean
    readonly tenant: string
  }): Promise<End> {
    const ports = this.#ports()
    const port = ports[Math.floor(Math.random() * ports.length)]
    const since = performance.now()
    let sent = 0
    return new Promise((resolve) => {
      const request = http.request({
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: '/files/a',
        headers: {
          Expect: '100-continue',
          'X-Tenant': upload.tenant,
          ...(upload.chunked
            ? { 'Transfer-Encoding': 'chunked' }
            : { 'Content-Length': upload.bytes }),
        },
      })
      let over = false
      const end = (how: End) => {
        if (over) return
        over = true
        this.tally.sent += sent
        if (how !== 'done' && how !== 'left') this.tally.inVain += sent
        if (how === 'refused' && !upload.chunked) this.tally.inVainDeclared += sent
        resolve(how)
      }
      const send = async () => {
        const part = Buffer.alloc(Math.ceil(upload.bytes / 4))
        for (let number = 0; number < 4 && !over; number += 1) {
          if (upload.leaves && number === 2) {
            end('left')
            request.destroy()
            return
          }
          const rest = Math.min(part.length, upload.bytes - sent)
          sent += rest
          // A client that is slowed down waits.
          await new Promise<void>((taken) => {
            request.once('close', taken)
            request.write(part.subarray(0, rest), () => taken())
          })
          await sleep(2 + Math.random() * 8)
        }
        request.end()
      }
      request.on('continue', () => void send())
      request.on('response', (response) => {
        let text = ''
        response.on('data', (part: Buffer) => {
          text += part.toString()
        })
        const stored = response.statusCode === 201
        const took = performance.now() - since
        if (!stored && sent === 0) {
          this.tally.slowestRefusal = Math.max(this.tally.slowestRefusal, took)
        }
        // The head says it all; and `close` of the request may come before that of the response.
        end(stored ? 'done' : 'refused')
        const midway = sent > 0
        response.on('end', () => {
          if (!stored) this.#noteReason(response.statusCode, text, midway)
        })
        response.on('error', () => {})
        response.on('close', () => request.destroy())
      })
      request.on('error', () => end('broken'))
      request.on('close', () => end('broken'))
      request.flushHeaders()
    })
  }
}
