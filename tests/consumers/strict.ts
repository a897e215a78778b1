// What stricter projects ask of the packages: declarations of their own that name our types, older ways
// of resolving, a strict layout of node_modules, and bundlers that rename and drop what they can.
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { buildSync } from 'esbuild'
import webpack from 'webpack'
import type { Project } from './project.js'

const exported = `
import { Agent, type RequestOptions } from 'node:http'
import { expectation, errorHandler, type Check } from '@expectation/express'
import { expectation as onKoa, errorHandler as koaErrors } from '@expectation/koa'
import { expectation as onFastify, errorHandler as fastifyErrors } from '@expectation/fastify'
import { attach } from '@expectation/core/node'
import { admission, memoryStore } from '@expectation/admission'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { RawClient } from '@expectation/conformance'
import { askFirst, dispatcher, gateway } from '@expectation/gateway'
import { openTelemetry, prometheus } from '@expectation/metrics'

export const gate = expectation({
  maxContentLength: '1mb',
  checks: [(head, { request }) => void (request.get('x-tenant') ?? head.contentLength)],
})
export const last = errorHandler({ log: (_error, { request }) => console.error(request.originalUrl) })
export const koaGate = onKoa({
  maxContentLength: async (_head, { request }) => request.ctx.state.limit,
})
export const koaFirst = koaErrors()
export const plugin = onFastify
export const errors = fastifyErrors
export const tie = attach
export const uploads = admission({ slots: 200, bytes: '8gb', store: memoryStore() })
export const admitting = expectation({ checks: [uploads] })
export const agent = new EarlyAnswerAgent()
export const requests: RequestOptions = { agent }
export const send = upload
export const wire = RawClient.connect
export const relay = gateway({ upstreams: ['http://127.0.0.1:9000'], agent: new Agent() })
export const asking = [askFirst(), dispatcher()]
export const metrics = { prometheus, openTelemetry }
export const quota: Check = (head, { request }) => void (head.field('x-tenant') ?? request.ip)
`

const checked = {
  target: 'es2022',
  lib: ['es2022'],
  strict: true,
  declaration: true,
  skipLibCheck: true,
  esModuleInterop: true,
  types: ['node'],
  outDir: 'out',
}

const settings = [
  ['nodenext, an ES module', 'exported.mts', 'typescript', { module: 'nodenext' }],
  ['nodenext, a CommonJS module', 'exported.cts', 'typescript', { module: 'nodenext' }],
  ['bundler', 'exported.ts', 'typescript', { module: 'esnext', moduleResolution: 'bundler' }],
  ['nodenext, TypeScript 5', 'exported.mts', 'typescript5', { module: 'nodenext' }],
  [
    'node10, TypeScript 5',
    'exported.ts',
    'typescript5',
    { module: 'commonjs', moduleResolution: 'node10' },
  ],
  [
    'commonjs without esModuleInterop, TypeScript 5',
    'exported.ts',
    'typescript5',
    { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: false },
  ],
] as const

export function strict(project: () => Project, layouts: () => readonly Project[]): void {
  for (const [shown, file, compiler, compilerOptions] of settings) {
    test(`declarations of a project that exports gates, ${shown}`, async () => {
      for (const each of [project(), ...layouts()]) {
        const folder = `strict-${shown.replaceAll(/\W+/g, '-')}`
        each.write(`${folder}/${file}`, exported)
        const config = { compilerOptions: { ...checked, ...compilerOptions }, include: [file] }
        each.write(`${folder}/tsconfig.json`, JSON.stringify(config))
        const ended = await each.tool(compiler, 'tsc', ['-p', `${folder}/tsconfig.json`])
        expect(ended.output).toBe('')
        const made = path.join(each.folder, folder, 'out', file.replace(/(c|m)?ts$/, 'd.$1ts'))
        expect(readFileSync(made, 'utf8')).toMatch(/gate: .*Middleware/)
      }
    })
  }

  test('a strict layout: attach comes with the adapter that was installed', async () => {
    for (const layout of layouts()) {
      const ended = await layout.node(
        'attach.mjs',
        `import http from 'node:http'
        import gate, { attach, errorHandler } from '@expectation/express'
        import koaGate from '@expectation/koa'
        import express from 'express'
        import probe from './probe.cjs'
        const app = express()
        app.use(gate({ maxContentLength: 100 }))
        app.use(errorHandler())
        const server = attach(http.createServer((req, res) => app(req, res)))
        const port = await probe.listen(server)
        console.log(JSON.stringify([typeof koaGate, await probe.ask(port, probe.large)]))
        process.exit()`,
      )
      expect(ended.report()).toEqual(['function', [413]])
    }
  })

  const application = `
    const http = require('node:http')
    const express = require('express')
    const Koa = require('koa')
    const fastify = require('fastify')
    const onExpress = require('@expectation/express')
    const onKoa = require('@expectation/koa')
    const onFastify = require('@expectation/fastify')
    const probe = require('../probe.cjs')
    const run = async () => {
      const options = { maxContentLength: 100 }
      const app = fastify()
      await app.register(onFastify, options)
      await app.register(onFastify.errorHandler)
      await app.ready()
      const servers = [
        http.createServer(express().use(onExpress.expectation(options)).use(onExpress.errorHandler())),
        http.createServer(new Koa().use(onKoa.errorHandler()).use(onKoa.expectation(options)).callback()),
        app.server,
      ]
      const seen = []
      for (const server of servers) {
        const port = await probe.listen(server)
        seen.push([await probe.ask(port, probe.large), await probe.ask(port, probe.unknown)])
      }
      console.log(JSON.stringify(seen))
      process.exit()
    }
    run()`
  const expected = [1, 2, 3].map(() => [[413], [417]])

  test('esbuild, minified: the same', async () => {
    const entry = project().write('bundles/main.cjs', application)
    const [file] = buildSync({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      platform: 'node',
      write: false,
      logLevel: 'silent',
    }).outputFiles
    expect((await project().node('bundles/esbuild.cjs', file?.text ?? '')).report()).toEqual(
      expected,
    )
  })

  test('webpack, mode production: the same', async () => {
    const entry = project().write('bundles/main.cjs', application)
    const output = { path: path.join(project().folder, 'bundles'), filename: 'webpack.cjs' }
    mkdirSync(output.path, { recursive: true })
    const failed = await new Promise<string>((resolve) => {
      const externals = {
        express: 'commonjs express',
        fastify: 'commonjs fastify',
        koa: 'commonjs koa',
      }
      webpack({ mode: 'production', target: 'node', entry, output, externals }, (error, stats) => {
        resolve(error?.message ?? (stats?.hasErrors() ? stats.toString() : ''))
      })
    })
    expect(failed).toBe('')
    const text = readFileSync(path.join(output.path, output.filename), 'utf8')
    expect((await project().node('bundles/webpack-run.cjs', text)).report()).toEqual(expected)
  })
}
