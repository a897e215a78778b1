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
    'test-http-chunk-extensions-limit',
    BOTH,
    'resumes the request and answers at its end: content that is only discarded is over at once',
    'decision 0011',
  ],
  [
    'test-http-dump-req-when-res-ends',
    BOTH,
    'asserts that Node dumps what is unread, without bounds, when the response ends',
    'law 3',
  ],
  ['test-http-parser-lazy-loaded', BOTH, 'asserts which modules are loaded', 'the preload'],
  [
    'test-http-transfer-encoding-repeated-chunked',
    ['gated'],
    'asserts a bare 400, where the gate answers 400 with a body',
    'RFC 9112 section 6.1',
  ],
]

/** `test` is the beginning of a test's name, or of `file: ends` for a file without tests of its own. */
export const EXPLAINED = [
  {
    suite: '@fastify/cors',
    modes: ['mounted'],
    test: 'Should set hook ',
    why: 'counts the hooks that are added after the gate has added its own',
    stands: 'the way it is mounted here',
  },
  ...[
    'onRequest hook should support encapsulation / 2',
    'preParsing hook should support encapsulation / 2',
  ].map((test) => ({
    suite: 'fastify',
    modes: ['mounted'],
    test,
    why: 'counts the hooks of an application, and the gate has two',
    stands: 'the way it is mounted here',
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
    why: 'expects no other plugin, or their names and hooks as a text',
    stands: 'the way it is mounted here',
  })),
  ...NODE.map(([file, modes, why, stands]) => ({
    suite: 'node',
    modes,
    test: `test/parallel/${file}.js: ends`,
    why,
    stands,
  })),
  ...['express', 'body-parser'].map((suite) => ({
    suite,
    modes: ['attached', 'gated', 'mounted'],
    test: `${suite === 'express' ? 'express' : 'bodyParser'}.text() with limit option should not error when inflating`,
    why: 'its client listens for the answer only once it has ended its request, and loses any that comes before, without the library too',
    stands: 'decision 0011',
  })),
]
