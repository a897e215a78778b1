// Tests of others that pass without the library and fail with it, and are meant to: each with why. What
// stands here and fails no more is told, so that the list stays short.

const BOTH = ['attached', 'gated']

/** Tests of Node itself: [file, modes, why, stands]. */
const NODE = [
  [
    'test-http-expect-handling',
    BOTH,
    "asserts Node's own 417, or a listener that is asked before the gate",
    'decisions 0002 and 0009',
  ],
  [
    'test-http2-compat-expect-handling',
    BOTH,
    "the same over HTTP/2: a listener that listens once, and Node's own 417 after it",
    'decisions 0002 and 0009',
  ],
  [
    'test-http2-compat-expect-continue',
    BOTH,
    'asserts a 100 to requests that nobody reads, one of which has no content',
    'decision 0001, RFC 9110 section 10.1.1',
  ],
  [
    'test-http-dump-req-when-res-ends',
    BOTH,
    'asserts that Node dumps what is unread, without bounds, when the response ends',
    'law 3',
  ],
  [
    'test-http-parser-lazy-loaded',
    BOTH,
    'puts a parser of its own in place before anything loads http; who attaches to a server has loaded it',
    'decision 0015',
  ],
  [
    'test-http-transfer-encoding-repeated-chunked',
    ['gated'],
    'asserts a bare 400, where the gate answers 400 with a body',
    'RFC 9112 section 6.1',
  ],
]

/** Of a line whose parser drops the fields above `maxHeadersCount` without a word. */
const NODE_20 = ['test-http-max-headers-count', 'test-https-max-headers-count'].map((file) => [
  file,
  ['gated'],
  'asserts that a request reaches its handler with a part of its fields',
  'decision 0016',
])

/** `test` is the beginning of a test's name, or of `file: ends` for a file without tests of its own. */
export const EXPLAINED = [
  {
    suite: '@fastify/cors',
    modes: ['mounted'],
    test: 'Should set hook ',
    why: 'counts the hooks of an application, and the gate, which answers inside of it, has two',
    stands: 'law 7',
  },
  ...[
    'onRequest hook should support encapsulation / 2',
    'preParsing hook should support encapsulation / 2',
  ].map((test) => ({
    suite: 'fastify',
    modes: ['mounted'],
    test,
    why: 'counts the hooks of an application, and the gate, which answers inside of it, has two',
    stands: 'law 7',
  })),
  ...[
    'set the plugin name based on the plugin displayName symbol',
    'plugin name will change when using no encapsulation',
    'hasPlugin returns true when using no encapsulation',
    'pretty print - empty plugins',
    'pretty print - includeMeta, includeHooks',
  ].map((test) => ({
    suite: 'fastify',
    modes: ['mounted'],
    test,
    why: 'lists the plugins of an application, or their hooks, and the gate is one of them',
    stands: 'law 7',
  })),
  ...Object.entries({ 'node-20': [...NODE, ...NODE_20], 'node-24': NODE }).flatMap(
    ([suite, list]) =>
      list.map(([file, modes, why, stands]) => ({
        suite,
        modes,
        test: `test/parallel/${file}.js: ends`,
        why,
        stands,
      })),
  ),
  ...['express', 'express-5', 'body-parser'].map((suite) => ({
    suite,
    modes: ['attached', 'gated', 'mounted'],
    test: `${suite === 'body-parser' ? 'bodyParser' : 'express'}.text() with limit option should not error when inflating`,
    why: 'its client listens for the answer only once it has ended its request, and loses any that comes before, without the library too',
    stands: 'decision 0011',
  })),
]

export function explanationOf(suite, mode, test) {
  return EXPLAINED.find(
    (each) => each.suite === suite && each.modes.includes(mode) && test.startsWith(each.test),
  )
}
