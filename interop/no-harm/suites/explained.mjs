// Tests of others that pass without the library and fail with it, and are meant to: each with why. What
// stands here and fails no more is told, so that the list stays short.

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
  ...['express', 'body-parser'].map((suite) => ({
    suite,
    modes: ['attached', 'gated', 'mounted'],
    test: `${suite === 'express' ? 'express' : 'bodyParser'}.text() with limit option should not error when inflating`,
    why: 'its client listens for the answer only once it has ended its request, and loses any that comes before, without the library too',
    stands: 'decision 0011',
  })),
]
