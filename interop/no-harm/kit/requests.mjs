// Requests as clients really write them, with every kind of framing, expectation and manner of room.

const AGENTS = [
  ['Host: x', 'User-Agent: curl/8.5.0', 'Accept: */*'],
  ['Host: x', 'Connection: keep-alive', 'Accept: */*', 'User-Agent: node'],
  ['Host: x', 'User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
  ['Accept-Encoding: identity', 'Host: x', 'User-Agent: Python-urllib/3.11'],
  [
    'Host: x',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/130',
    'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
    'Origin: http://y',
    'Cookie: a=b; c="d e"',
  ],
  ['host: x', 'content-type: application/x-ndjson'],
]

const EXPECTATIONS = [
  [60, '100-continue'],
  [8, '100-Continue'],
  [4, ' 100-continue , '],
  [4, '100-continue, 100-continue'],
  [4, '100-continue;q=1'],
  [3, '100-continue2'],
  [3, 'foo'],
  [2, 'foo=bar, 100-continue'],
  [2, 'foo="a\\"b'],
  [2, ''],
]

const SIZES = [
  [20, (r) => r.between(1, 8)],
  [10, (r) => r.between(9, 1000)],
  [5, (r) => r.between(1025, 9000)],
  [4, (r) => r.between(30_000, 62_000)],
  [2, (r) => r.between(66_000, 140_000)],
  [1, (r) => r.between(200_000, 400_000)],
]

/** One request: { head, content, asks } in bytes, its parts named for those who split it. */
export function makeRequest(r, { rooms, last }) {
  const room = r.pick(rooms)
  const framing = r.weighted([
    [30, 'none'],
    [38, 'length'],
    [24, 'chunked'],
    [4, 'zero'],
    [2, 'short'],
    [2, 'over'],
  ])
  const method =
    framing === 'none'
      ? r.weighted([
          [8, 'GET'],
          [1, 'HEAD'],
          [1, 'OPTIONS'],
          [1, 'POST'],
          [1, 'DELETE'],
        ])
      : r.pick(['POST', 'PUT', 'PATCH', 'POST', 'DELETE', 'GET'])
  const version = r.weighted([
    [60, '1.1'],
    [3, '1.0'],
    [1, '2.0'],
  ])
  const fields = [...r.pick(AGENTS)]
  const asks = r.chance(0.25)
  const extra = []
  let content = Buffer.alloc(0)
  if (framing === 'length' || framing === 'short' || framing === 'over') {
    const size = r.weighted(SIZES)(r)
    content = fill(size, r)
    const told = framing === 'short' && last ? size + r.between(1, 50) : size
    extra.push(`Content-Length: ${told}`)
    if (framing === 'over')
      content = Buffer.concat([content, Buffer.from(r.pick(['\r\n', 'x', '\r\n\r\n']))])
  } else if (framing === 'zero') extra.push('Content-Length: 0')
  else if (framing === 'chunked') {
    extra.push('Transfer-Encoding: chunked')
    content = chunked(fill(r.weighted(SIZES)(r), r), r)
    if (last && r.chance(0.08)) content = content.subarray(0, content.length - r.between(1, 6))
  }
  if (asks) extra.push(`Expect: ${r.weighted(EXPECTATIONS)}`)
  if (r.chance(0.06))
    extra.push(`Connection: ${r.pick(['close', 'keep-alive', 'close, foo', 'Keep-Alive'])}`)
  if (r.chance(0.02)) extra.push('Connection: Upgrade', 'Upgrade: websocket')
  if (content.length > 0 && r.chance(0.6))
    extra.push(
      `Content-Type: ${r.pick(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/octet-stream'])}`,
    )
  const lines = [`${method} /${room} HTTP/${version}`, ...fields, ...extra]
  return { head: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content, asks }
}

function fill(size, r) {
  return Buffer.alloc(size, r.pick(['a', 'b', 'z', 'ab', '\r\n', '{"a":1}']))
}

function chunked(content, r) {
  const parts = []
  for (let at = 0; at < content.length; ) {
    const size = Math.min(
      content.length - at,
      r.chance(0.6) ? content.length : r.between(1, content.length),
    )
    const extension = r.chance(0.05) ? ';a=b' : ''
    parts.push(`${size.toString(16)}${extension}\r\n`, content.subarray(at, at + size), '\r\n')
    at += size
    if (parts.length > 60) {
      parts.push(`${(content.length - at).toString(16)}\r\n`, content.subarray(at), '\r\n')
      if (at === content.length) parts.splice(-3)
      break
    }
  }
  parts.push(`0\r\n${r.chance(0.1) ? 'X-Trailer: 1\r\n' : ''}\r\n`)
  return Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'latin1') : p)))
}
