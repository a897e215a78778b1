// The hardest client: it writes all of its 8 MiB before it takes a single byte. The answer must still
// be there, ten times of ten, directly and over a link with a delay (law 3, RFC 9112 section 9.6).
import http from 'node:http'
import { blindUpload } from '../support/blind-upload.js'
import { keepConsoleErrors } from '../support/console.js'
import { inChunks, MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { slowLink } from '../support/slow-link.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const content = Buffer.alloc(8 * MIB, 'x')
const chunked = inChunks(content)
const ROUNDS = 10

for (const delayMs of [0, 20]) {
  const where = delayMs === 0 ? 'directly' : `over a link with ${delayMs} ms`
  for (const expectation of ['none', '100-continue', 'something-else'] as const) {
    for (const framing of ['Content-Length', 'chunked'] as const) {
      test(`law 3: 8 MiB (${framing}, Expect: ${expectation}) written first, ${where}: ${ROUNDS} of ${ROUNDS}`, async () => {
        const body = framing === 'chunked' ? chunked : content
        const server = await serve(uploads({ maxContentLength: '1mb' }).app)
        const at = delayMs === 0 ? server : await slowLink(server, delayMs)
        const rounds = Array.from({ length: ROUNDS }, () =>
          blindUpload(at, {
            head: head({
              expect: expectation === 'none' ? [] : expectation,
              ...(framing === 'chunked' ? { chunked: true } : { length: body.length }),
            }),
            content: body,
            readsLast: true,
          }),
        )
        const status = expectation === 'something-else' ? 417 : 413
        for (const seen of await Promise.all(rounds)) {
          const response = delivered(seen, status)
          if (status === 413) checkBody(response, 413, 'content_too_large')
          else checkBody(response, 417, 'unsupported_expectation')
          expect(seen.wroteAll).toBe(true)
        }
      })
    }
  }
}

test('the witness: a plain server that answers and closes resets such a client', async () => {
  const plain = http.createServer((_req, res) => {
    res.writeHead(413, { Connection: 'close', 'Content-Length': 0 }).end()
  })
  const seen = await blindUpload(await serve(plain), {
    head: head({ length: content.length }),
    content,
    readsLast: true,
  })
  expect(seen.error).toMatch(/ECONNRESET|EPIPE/)
})
