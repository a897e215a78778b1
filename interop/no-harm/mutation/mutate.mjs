// Mutations of bytes that were right: flips, cuts, doubled slices, and surgery where a parser looks.

const VERSIONS = [
  'HTTP/1.0',
  'HTTP/1.1',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.2',
  'HTTP/3.0',
  'http/1.1',
  'HTTP/1',
  'ICE/1.0',
  'RTSP/1.0',
]
const LENGTHS = [
  '0',
  '1',
  '2',
  '-1',
  '00',
  '5, 5',
  '1e3',
  '99999',
  '18446744073709551616',
  '0x5',
  '',
]
const JUNK = [
  '\0',
  '\r',
  '\n',
  '\r\n\r\n',
  ' ',
  ':',
  'GET / HTTP/1.1\r\n\r\n',
  '0\r\n\r\n',
  '\xff\xfe',
  'garbage',
  'Expect: 100-continue\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
]
const NAMES = [
  [
    /content-length:/i,
    [
      'Content-Length :',
      'content-length:',
      'Content-Lengt:',
      'Content_Length:',
      ' Content-Length:',
    ],
  ],
  [
    /transfer-encoding:/i,
    ['Transfer-Encoding :', 'transfer-encoding:', 'Transfer-Encodin:', 'TE:'],
  ],
  [/expect:/i, ['EXPECT:', 'Expect :', 'Expec:', 'X-Expect:', 'Expect: 100-continue\r\nExpect:']],
  [/host:/i, ['Hos:', 'HOST:', 'Host: y\r\nHost:']],
  [/chunked/i, ['Chunked', 'chunked, chunked', 'gzip, chunked', 'identity', 'chunkedd']],
]

export function mutate(bytes, r) {
  return r.weighted(MUTATIONS)(bytes, r)
}

const join = (...parts) =>
  Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'latin1') : p)))
/** Content is long and all alike; most mutations fall where heads and framing are. */
function place(bytes, r) {
  if (r.chance(0.3)) return r.below(bytes.length + 1)
  const heads = []
  for (
    let at = bytes.indexOf('HTTP/');
    at >= 0 && heads.length < 6;
    at = bytes.indexOf('HTTP/', at + 1)
  )
    heads.push(at)
  if (heads.length === 0) return r.below(bytes.length + 1)
  return Math.min(bytes.length, Math.max(0, r.pick(heads) + r.between(-20, 220)))
}

function surgery(pattern, replacements) {
  return (bytes, r) => {
    const text = bytes.toString('latin1')
    const found = [...text.matchAll(pattern)]
    if (found.length === 0) return bytes
    const match = r.pick(found)
    return join(
      text.slice(0, match.index),
      r.pick(replacements),
      text.slice(match.index + match[0].length),
    )
  }
}

const MUTATIONS = [
  [
    10,
    (b, r) => {
      if (b.length === 0) return b
      const copy = Buffer.from(b)
      const at = Math.min(place(b, r), b.length - 1)
      copy[at] = r.chance(0.5) ? copy[at] ^ (1 << r.below(8)) : r.below(256)
      return copy
    },
  ],
  [
    8,
    (b, r) => {
      const from = place(b, r)
      return join(b.subarray(0, from), b.subarray(from + r.between(1, 40)))
    },
  ],
  [
    6,
    (b, r) => {
      const from = place(b, r)
      const slice = b.subarray(from, from + r.between(1, 120))
      return join(b.subarray(0, from), slice, slice, b.subarray(from + slice.length))
    },
  ],
  [
    6,
    (b, r) => {
      const at = place(b, r)
      return join(b.subarray(0, at), r.pick(JUNK), b.subarray(at))
    },
  ],
  [3, (b, r) => b.subarray(0, place(b, r))],
  [4, (b, r) => join(b, r.pick(JUNK))],
  [8, surgery(/HTTP\/\d\.\d/g, VERSIONS)],
  [6, surgery(/(?<=content-length: *)\d+/gi, LENGTHS)],
  [4, surgery(/\r\n/g, ['\n', '\r', '\n\r', '\r\n\r\n', '\r\n ', ''])],
  [
    4,
    (b, r) => {
      const [pattern, replacements] = r.pick(NAMES)
      return surgery(new RegExp(pattern.source, 'gi'), replacements)(b, r)
    },
  ],
  [
    3,
    surgery(/\r\n[0-9a-f]+\r\n/g, [
      '\r\n0\r\n',
      '\r\nzz\r\n',
      '\r\n7fffffffffffffff\r\n',
      '\r\n-1\r\n',
      '\r\n1\n',
      '\r\n0\r\n\r\n',
    ]),
  ],
  [2, surgery(/^[A-Z]+ /g, ['CONNECT ', 'OPTIONS ', 'PRI ', 'M-SEARCH ', 'get ', 'SOURCE '])],
]
