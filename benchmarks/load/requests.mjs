// The requests that the generator sends, as bytes made once. A plan says what comes after the head:
// nothing, the content at once, or the content when a 100 asks for it.

const KIB = 1024
const small = Buffer.from(JSON.stringify({ note: 'x'.repeat(KIB - 11) }))
const upload = Buffer.alloc(16 * KIB, 'u')
const piece = Buffer.alloc(64 * KIB, 'p')

/** Every server here refuses a declared length above this one. */
export const LIMIT_BYTES = 1024 * 1024 * 1024 - 1
const OVER_LIMIT = LIMIT_BYTES + 1

const head = (line, ...fields) =>
  Buffer.from([`${line} HTTP/1.1`, 'Host: benchmark', ...fields, '', ''].join('\r\n'))
const json = ['Content-Type: application/json', `Content-Length: ${small.length}`]
const octets = (bytes) => ['Content-Type: application/octet-stream', `Content-Length: ${bytes}`]
const EXPECT = 'Expect: 100-continue'

/**
 * `status`: the only sane answer. `content`: what follows the head, `repeat` times, `when`
 * `at-once` or `asked`. `closes`: the answer ends the connection.
 */
export function requestsFor({ largeBytes }) {
  return {
    get: { status: 200, head: head('GET /') },
    small: { status: 200, head: head('POST /json', ...json), content: small, when: 'at-once' },
    expected: {
      status: 200,
      head: head('POST /upload', ...octets(upload.length), EXPECT),
      content: upload,
      when: 'asked',
    },
    refusedExpecting: {
      status: 413,
      head: head('POST /upload', ...octets(OVER_LIMIT), EXPECT),
      content: piece,
      when: 'asked',
      closes: true,
    },
    refusedSending: {
      status: 413,
      head: head('POST /upload', ...octets(OVER_LIMIT)),
      content: piece,
      when: 'at-once',
      closes: true,
    },
    notFound: {
      status: 404,
      head: head('POST /nowhere', ...json),
      content: small,
      when: 'at-once',
    },
    large: {
      status: 200,
      head: head('POST /upload', ...octets(largeBytes)),
      content: piece,
      repeat: largeBytes / piece.length,
      when: 'at-once',
    },
  }
}
