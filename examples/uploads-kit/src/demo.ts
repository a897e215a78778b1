// One refused and one accepted upload, sent to the running service by a client that waits to be
// asked for its content, so that a newcomer sees what it is about within a second.

import { request } from 'node:http'

export interface Attempt {
  readonly status: number
  readonly continued: boolean
  readonly sentBytes: number
  readonly answer: string
}

interface Upload {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
}

const PATIENCE_MS = 5_000

export async function runDemo(
  origin: string,
  token: string,
  say: (line: string) => void,
): Promise<void> {
  const headers = { 'Content-Type': 'video/mp4' }
  const url = `${origin}/files/demo.mp4`
  const refused = await attempt({ url, headers, bytes: 20_000_000 })
  say(`Just tried: 20 MB without a token\n${describe(refused)}`)
  const authorized = { ...headers, Authorization: `Bearer ${token}` }
  const accepted = await attempt({ url, headers: authorized, bytes: 64_000 })
  say(`Just tried: 64 kB with the token\n${describe(accepted)}`)
}

/** Announces `bytes` of content and sends them only when the service answers 100. */
export function attempt({ url, headers, bytes }: Upload): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    let continued = false
    const upload = request(url, {
      method: 'PUT',
      agent: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...headers, 'Content-Length': bytes, Expect: '100-continue' },
    })
    upload.on('continue', () => {
      continued = true
      upload.end(Buffer.alloc(bytes))
    })
    upload.on('response', (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        answer += text
      })
      response.on('error', reject)
      response.on('end', () => {
        const sentBytes = continued ? bytes : 0
        resolve({ status: response.statusCode ?? 0, continued, sentBytes, answer })
        upload.destroy()
      })
    })
    upload.on('error', reject)
    upload.flushHeaders()
  })
}

function describe({ status, continued, sentBytes, answer }: Attempt): string {
  const asked = continued ? 'asked for the content (100)' : 'never asked for the content (no 100)'
  return `  ${status}, ${asked}, ${sentBytes} bytes sent\n  ${answer.trim()}\n`
}
