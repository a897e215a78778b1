// Suites of other people, and how each is run. `files` says which of the package's files are tests;
// `app` is what an application is made with there, for the mode that mounts the gate; `line` is the only
// line of Node that the tests are written for. The five that are marked `quick` are part of `npm test`
// where nothing may be skipped.

const tests = (pattern) => (file) => pattern.test(file)

/** From npm: packages that carry their tests. */
const fastifyPlugin = (name, more = {}) => ({
  name,
  from: { npm: name },
  files: tests(/^test\/.*\.test\.(js|mjs|cjs)$|^test\/[^/]+\.js$/),
  runner: 'node',
  app: { kind: 'fastify', entry: 'node_modules/fastify/fastify.js' },
  ...more,
})

/** Node's own tests of its HTTP servers and clients, from the release of Debian that has this line. */
function nodeItself(line, release) {
  return {
    name: `node-${line}`,
    from: {
      debian: 'nodejs',
      release,
      only: [
        'test/common',
        'test/fixtures',
        'test/parallel/test-http-*',
        'test/parallel/test-https-*',
        'test/parallel/test-http2-*',
      ],
    },
    files: tests(/^test\/parallel\/test-http(s|2)?-.*\.m?js$/),
    runner: 'file',
    line,
    flagsInFile: true,
    fileMs: 40_000,
  }
}

export const SUITES = [
  {
    name: 'fastify',
    from: { npm: 'fastify' },
    files: tests(/^test\/(?!bundler|types|build\/|scripts).*\.test\.(js|mjs|cjs)$/),
    runner: 'node',
    app: { kind: 'fastify', entry: 'fastify.js' },
  },
  fastifyPlugin('@fastify/multipart'),
  fastifyPlugin('@fastify/reply-from'),
  fastifyPlugin('@fastify/http-proxy'),
  fastifyPlugin('@fastify/cors', { quick: true }),
  fastifyPlugin('@fastify/compress'),
  fastifyPlugin('@fastify/rate-limit'),
  fastifyPlugin('@fastify/helmet', { quick: true }),
  {
    name: 'busboy',
    quick: true,
    from: { npm: 'busboy' },
    files: tests(/^test\/test-.*\.js$/),
    runner: 'file',
  },
  {
    name: 'express-fileupload',
    from: { npm: 'express-fileupload' },
    files: tests(/^test\/.*\.spec\.js$/),
    runner: 'mocha',
    app: { kind: 'express', entry: 'node_modules/express/index.js' },
    // Makes the files that the tests upload; some tests delete them.
    before: ['test/pretests.js'],
    together: true,
  },
  {
    name: 'express-http-proxy',
    together: true,
    fileMs: 300_000,
    from: { npm: 'express-http-proxy' },
    files: tests(/^test\/[^/]+\.js$/),
    runner: 'mocha',
    app: { kind: 'express', entry: 'node_modules/express/index.js' },
  },
  {
    name: 'express',
    together: true,
    fileMs: 300_000,
    from: { debian: 'node-express' },
    files: tests(/^test\/(?!support|fixtures).*\.js$/),
    runner: 'mocha',
    mocha: ['--require', 'test/support/env'],
    app: { kind: 'express', entry: 'index.js' },
  },
  {
    name: 'express-5',
    together: true,
    fileMs: 300_000,
    from: { git: 'expressjs/express' },
    files: tests(/^test\/(?!support|fixtures).*\.js$/),
    runner: 'mocha',
    mocha: ['--require', 'test/support/env'],
    app: { kind: 'express', entry: 'index.js' },
  },
  {
    name: 'body-parser',
    quick: true,
    together: true,
    fileMs: 300_000,
    from: { debian: 'node-body-parser' },
    files: tests(/^test\/[^/]+\.js$/),
    runner: 'mocha',
    mocha: ['--require', 'test/support/env'],
  },
  {
    name: 'raw-body',
    together: true,
    from: { debian: 'node-raw-body' },
    files: tests(/^test\/[^/]+\.js$/),
    runner: 'mocha',
    quick: true,
  },
  {
    name: 'send',
    from: { git: 'pillarjs/send' },
    files: tests(/^test\/[^/]+\.js$/),
    runner: 'mocha',
  },
  nodeItself('20', 'trixie'),
  nodeItself('24', 'forky'),
]
