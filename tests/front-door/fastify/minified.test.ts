// A bundler that renames functions changes nothing: handlers are known by what they are, not by their
// names. The bundle holds Fastify and the package, as a serverless deployment does.

import path from 'node:path'
import { buildSync } from 'esbuild'
import { runChild } from '../../support/run-child.js'

test('bundled and minified it answers as it does unbundled', async () => {
  const source = `
    import fastify from 'fastify'
    import { errorHandler, expectation } from '@expectation/fastify'
    import http from 'node:http'
    import net from 'node:net'

    const ask = (app, method, path, content) => new Promise((resolve, reject) => {
      const { port } = app.server.address()
      const headers = { 'content-type': 'application/json', 'content-length': content.length }
      const request = http.request({ port, method, path, headers, agent: false }, (response) => {
        let text = ''
        response.on('data', (part) => { text += part })
        response.on('end', () => resolve([response.statusCode, text.slice(0, 60)]))
      })
      request.on('error', reject)
      request.end(content)
    })
    const build = async (normalized, own) => {
      const app = fastify()
      await app.register(expectation, { maxContentLength: 4 })
      if (normalized) await app.register(errorHandler)
      if (own) app.setErrorHandler((error, request, reply) => reply.code(413).send({ mine: true }))
      app.post('/files', async () => 'stored')
      await app.listen({ port: 0, host: '127.0.0.1' })
      const answers = [await ask(app, 'POST', '/files', '[1,2,3]'), await ask(app, 'POST', '/no', '1')]
      app.server.closeAllConnections()
      await app.close()
      return answers
    }
    // Not HTTP: Fastify itself listens for client errors, and answers in its own shape.
    const askNoHttp = async (options) => {
      const app = fastify(options)
      await app.register(expectation, { normalizeClientErrors: true })
      await app.listen({ port: 0, host: '127.0.0.1' })
      const text = await new Promise((resolve, reject) => {
        let received = ''
        const socket = net.connect(app.server.address().port, '127.0.0.1', () => socket.write('NOT HTTP\\r\\n\\r\\n'))
        socket.on('data', (part) => { received += part }).on('error', reject)
        socket.on('close', () => resolve(received.split('\\r\\n\\r\\n')[1]))
      })
      await app.close()
      return text
    }
    const clientErrorHandler = (error, socket) => socket.end('HTTP/1.1 400 Mine\\r\\n\\r\\nmine')
    const run = async () => {
      console.log(JSON.stringify([await askNoHttp({}), await askNoHttp({ clientErrorHandler }), await build(false, false), await build(true, false), await build(false, true)]))
    }
    run()`
  const options = {
    stdin: { contents: source, resolveDir: path.join(__dirname, '../..'), sourcefile: 'main.mjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  } as const
  const answers = await Promise.all(
    [false, true].map(async (minify) => {
      const [file] = buildSync({ ...options, minify, keepNames: false }).outputFiles
      return (await runChild(file?.text ?? '')).report()
    }),
  )
  expect(answers[0]).toEqual([
    expect.stringContaining('{"error":{"code":400,"reason":"bad_request"'),
    'mine',
    [
      [413, expect.stringContaining('{"error":{"code":413,"reason":"content_too_large"')],
      [404, expect.stringContaining('Route POST:/no not found')],
    ],
    [
      [413, expect.stringContaining('{"error":{"code":413,"reason":"content_too_large"')],
      [404, expect.stringContaining('{"error":{"code":404,"reason":"not_found"')],
    ],
    [
      [413, '{"mine":true}'],
      [404, expect.stringContaining('Route POST:/no not found')],
    ],
  ])
  expect(answers[1]).toEqual(answers[0])
})
