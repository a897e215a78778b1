// The packed packages load, and decide, under every way of loading modules.
import { readFileSync } from 'node:fs'
import type { Project } from './project.js'

const serving = `
const save = async (content) => { let bytes = 0; for await (const part of content) bytes += part.length; return { bytes } }
const run = async () => {
  const options = { maxContentLength: 100 }
  const seen = {}
  const look = async (name, server) => {
    const port = await probe.listen(server)
    seen[name] = [await probe.ask(port, probe.polite), await probe.ask(port, probe.large),
      await probe.ask(port, probe.unknown)]
    server.closeAllConnections?.()
    server.close()
  }
  await look('express', http.createServer(express()
    .use(onExpress.expectation(options))
    .put('/files/:name', async (req, res) => res.json(await save(req)))
    .use(onExpress.errorHandler())))
  await look('koa', http.createServer(new Koa()
    .use(onKoa.errorHandler()).use(onKoa.expectation(options))
    .use(async (ctx) => { ctx.body = await save(ctx.req) }).callback()))
  const app = fastify()
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  await app.register(onFastify.expectation, options)
  app.put('/files/:name', (request) => save(request.raw))
  await app.ready()
  await look('fastify', app.server)
  const bare = http.createServer(async (req, res) => res.end(JSON.stringify(await save(req))))
  await look('bare', attach(bare, options))
  seen.same = [onExpress, onKoa, onFastify].every(({ Refusal }) => Refusal === core.Refusal)
  console.log(JSON.stringify(seen))
  process.exit(0)
}
run()
`

const decided = [[100, 200], [413], [417]]
const everyAdapter = { express: decided, koa: decided, fastify: decided, bare: decided, same: true }

export function modules(project: () => Project): void {
  test('ESM: named imports, and the plugin as default import', async () => {
    const ended = await project().node(
      'esm.mjs',
      `import http from 'node:http'
      import express from 'express'
      import Koa from 'koa'
      import fastify from 'fastify'
      import * as core from '@expectation/core'
      import { attach } from '@expectation/core/node'
      import * as onExpress from '@expectation/express'
      import * as onKoa from '@expectation/koa'
      import * as onFastify from '@expectation/fastify'
      import plugin, { expectation, Refusal } from '@expectation/fastify'
      import probe from './probe.cjs'
      if (plugin !== expectation || !Refusal) throw new Error('not one plugin')
      ${serving}`,
    )
    expect(ended.report()).toEqual(everyAdapter)
  })

  test('CommonJS: require, and the plugin is what fastify requires', async () => {
    const ended = await project().node(
      'commonjs.cjs',
      `const http = require('node:http')
      const express = require('express')
      const Koa = require('koa')
      const fastify = require('fastify')
      const core = require('@expectation/core')
      const { attach } = require('@expectation/core/node')
      const onExpress = require('@expectation/express')
      const onKoa = require('@expectation/koa')
      const onFastify = require('@expectation/fastify')
      const probe = require('./probe.cjs')
      if (typeof onFastify !== 'function' || onFastify.default !== onFastify) throw new Error('no plugin')
      ${serving}`,
    )
    expect(ended.report()).toEqual(everyAdapter)
  })

  test('ESM and CommonJS in one process share one state', async () => {
    const ended = await project().node(
      'both.mjs',
      `import { createRequire } from 'node:module'
      import * as imported from '@expectation/core'
      import { attach, exchangeOf } from '@expectation/core/node'
      const require = createRequire(import.meta.url)
      console.log(JSON.stringify([
        require('@expectation/core').Refusal === imported.Refusal,
        require('@expectation/core/node').attach === attach,
        require('@expectation/express').Refusal === imported.Refusal,
      ]))`,
    )
    expect(ended.report()).toEqual([true, true, true])
  })

  test('the client: ESM, CommonJS, and its command', async () => {
    const ended = await project().node(
      'client.mjs',
      `import http from 'node:http'
      import { createRequire } from 'node:module'
      import { EarlyAnswerAgent, earlyAnswerDispatcher, hearOut, upload, UploadError } from '@expectation/client'
      import probe from './probe.cjs'
      const required = createRequire(import.meta.url)('@expectation/client')
      const server = http.createServer((request, response) => request.pipe(response))
      const port = await probe.listen(server)
      const response = await upload('http://127.0.0.1:' + port, { body: 'hello', method: 'POST' })
      console.log(JSON.stringify([await response.text(), response.upload.sentBytes, typeof earlyAnswerDispatcher,
        required.upload === upload, typeof hearOut, typeof EarlyAnswerAgent.Secure, UploadError.name]))
      process.exit(0)`,
    )
    expect(ended.report()).toEqual([
      'hello',
      5,
      'function',
      true,
      'function',
      'function',
      'UploadError',
    ])
    const command = 'node_modules/@expectation/client/dist/cli.js'
    const help = await project().node(
      'help.cjs',
      `require('node:child_process').execFileSync(process.execPath, ['${command}', '--help'], { stdio: 'inherit' })`,
    )
    expect(help.output).toContain('put FILE URL')
  })

  test('the doctor: ESM, CommonJS, and its command', async () => {
    const ended = await project().node(
      'doctor.mjs',
      `import http from 'node:http'
      import { spawnSync } from 'node:child_process'
      import { createRequire } from 'node:module'
      import { doctor, doctorBehind, DoctorError, outsideRules, reportSchema } from '@expectation/doctor'
      import { cases } from '@expectation/conformance'
      import probe from './probe.cjs'
      const required = createRequire(import.meta.url)('@expectation/doctor')
      const server = http.createServer((request, response) => response.writeHead(404).end())
      const port = await probe.listen(server)
      const report = await doctor('http://127.0.0.1:' + port)
      server.closeAllConnections()
      server.close()
      const refused = await doctor('http://127.0.0.1:' + port).catch((error) => error)
      const command = 'node_modules/@expectation/doctor/dist/cli.js'
      const ran = spawnSync(process.execPath, [command, 'http://127.0.0.1:' + port], { encoding: 'utf8' })
      console.log(JSON.stringify([report.findings[0].level, refused instanceof DoctorError, refused.code,
        required.doctor === doctor, typeof doctorBehind, outsideRules.length > 40, reportSchema.title,
        cases.length > 100, ran.status, ran.stderr.split('\\n').length]))`,
    )
    expect(ended.report()).toEqual([
      'fault',
      true,
      'connection_refused',
      true,
      'function',
      true,
      'What the doctor has found',
      true,
      2,
      2,
    ])
  })

  test('no adapter pulls in the framework of another', () => {
    for (const name of ['core', 'express', 'koa', 'fastify']) {
      const file = `${project().folder}/node_modules/@expectation/${name}/package.json`
      const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
        dependencies: Record<string, string>
      }
      for (const framework of ['express', 'koa', 'fastify']) {
        expect(Object.keys(dependencies)).not.toContain(framework)
      }
    }
  })

  test('Jest: a test of an application that uses the packages', async () => {
    project().write(
      'jest/application.test.js',
      `const http = require('node:http')
      const express = require('express')
      const { expectation, errorHandler, Refusal } = require('@expectation/express')
      const probe = require('../probe.cjs')
      test('an upload is refused from its head', async () => {
        const app = express().use(expectation({ maxContentLength: 100 })).use(errorHandler())
        const server = http.createServer(app)
        const port = await probe.listen(server)
        expect(await probe.ask(port, probe.large)).toEqual([413])
        expect(new Refusal(429)).toBeInstanceOf(Error)
        await new Promise((resolve) => server.close(resolve))
      })`,
    )
    const config = JSON.stringify({ rootDir: `${project().folder}/jest`, transform: {} })
    const ended = await project().tool('jest', 'jest', ['--ci', '--config', config])
    expect(ended.output).toMatch(/Tests: +1 passed, 1 total/)
    expect(ended.code).toBe(0)
  })
}
