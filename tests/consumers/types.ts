// The packed types hold under both ways in which TypeScript resolves modules today, and say no where
// they should.
import type { Project } from './project.js'

const usage = `
import http from 'node:http'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { decide, compilePolicy, Refusal, type Check, type Outcome } from '@expectation/core'
import { attach, detach } from '@expectation/core/node'
import { EarlyAnswerAgent, upload, UploadError, type UploadOptions } from '@expectation/client'
import { type DoctorOptions, doctor, doctorBehind, DoctorError, type Report } from '@expectation/doctor'
import * as onExpress from '@expectation/express'
import plugin, {
  errorHandler as fastifyErrors,
  expectation as onFastify,
  type ExpectationPluginOptions,
} from '@expectation/fastify'
import * as onKoa from '@expectation/koa'

const quota: Check = (head, { signal }) => {
  if (head.headers['x-quota'] === '0' && !signal.aborted) {
    return new Refusal(429, { reason: 'quota_exhausted', details: { left: 0 } })
  }
  return undefined
}
const options: onExpress.ExpectationOptions = {
  maxContentLength: '5gb',
  acceptedTypes: ['video/*'],
  checks: [quota],
  format: (facts) => ({ code: facts.status }),
  onOutcome: (outcome: Outcome) => console.log(outcome.status, outcome.avoidedBytes),
}
const app = express()
app.use(onExpress.expectation(options))
app.put('/files/:name', onExpress.expectation({ maxContentLength: 10 }), (request, response) => {
  response.json({ name: request.params.name })
})
app.use(onExpress.errorHandler({ format: 'problem' }))

const koa = new Koa()
koa.use(onKoa.errorHandler({ log: (error, { status }) => console.error(status, error) }))
koa.use(onKoa.expectation(options))

const pluginOptions: ExpectationPluginOptions = { maxContentLength: '1mb' }
const instance = fastify()
instance.register(onFastify, pluginOptions)
instance.register(plugin, { maxContentLength: 100, prefix: '/api' })
instance.register(fastifyErrors, { format: 'problem', notFound: false })
instance.put(
  '/files/:name',
  { config: { expectation: { maxContentLength: '5gb', acceptedTypes: ['video/*'] } } },
  async () => 'stored',
)

const server = attach(http.createServer(app), { maxContentLength: 100 })
server.listen(0)
detach(server)

const decision = decide(
  { method: 'PUT', target: '/', version: '1.1', headers: {} },
  compilePolicy({ maxContentLength: 1 }),
)
if (decision.kind === 'refuse') console.log(decision.refusal.status, decision.by)

const uploading: UploadOptions = {
  body: new Blob(['a']),
  headers: { Authorization: 'Bearer a' },
  agent: { http: new EarlyAnswerAgent(), https: new EarlyAnswerAgent.Secure() },
  authorize: async (refused) => (refused.status === 401 ? { Authorization: 'Bearer b' } : undefined),
  onProgress: ({ sentBytes }) => console.log(sentBytes),
}
upload(new URL('http://localhost/'), uploading).then(
  (response) => console.log(response.ok, response.upload.attempts.length),
  (error: unknown) => error instanceof UploadError && console.log(error.code, error.upload.sentBytes),
)
const examining: DoctorOptions = { headers: { Authorization: 'Bearer a' }, accepts: 'PUT /a', bytes: '64kb' }
doctor(new URL('http://localhost/'), examining).then(
  ({ well, findings }: Report) => console.log(well, findings.map(({ level, remedy }) => [level, remedy])),
  (error: unknown) => error instanceof DoctorError && console.log(error.code === 'no_tls'),
)
void doctorBehind('http://localhost/', { origin: 3000 })
// @ts-expect-error there is no such option
doctor('http://localhost/', { accept: 'PUT /a' })
// @ts-expect-error an origin is missing
doctorBehind('http://localhost/', {})
// @ts-expect-error there is no such option
upload('http://localhost/', { retries: 3 })
// @ts-expect-error there is no such option
onExpress.expectation({ maxContentLenght: 1 })
// @ts-expect-error a limit is no list
onKoa.expectation({ maxContentLength: [] })
// @ts-expect-error nor is it one in a route's config
instance.put('/wrong', { config: { expectation: { maxContentLength: [] } } }, async () => 'never')
// @ts-expect-error an application is no server
attach(app)
// @ts-expect-error there is no such option of the plugin
instance.register(onFastify, { maxContentLenght: 1 })
`

const strict = {
  target: 'es2022',
  lib: ['es2022'],
  strict: true,
  noEmit: true,
  // The types of Koa do not go with those that content-disposition brings, in a flat layout.
  skipLibCheck: true,
  exactOptionalPropertyTypes: true,
  esModuleInterop: true,
  types: ['node'],
}

interface Setting {
  readonly shown: string
  readonly file: string
  readonly compilerOptions: object
}

const settings: readonly Setting[] = [
  {
    shown: 'nodenext, an ES module',
    file: 'usage.mts',
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' },
  },
  {
    shown: 'nodenext, a CommonJS module',
    file: 'usage.cts',
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' },
  },
  {
    shown: 'bundler',
    file: 'usage.ts',
    compilerOptions: { module: 'esnext', moduleResolution: 'bundler' },
  },
]

export function types(project: () => Project): void {
  for (const { shown, file, compilerOptions } of settings) {
    test(`TypeScript, ${shown}: real use compiles, and wrong use does not`, async () => {
      const folder = `types-${file.replace('.', '-')}`
      project().write(`${folder}/${file}`, usage)
      const config = { compilerOptions: { ...strict, ...compilerOptions }, include: [file] }
      project().write(`${folder}/tsconfig.json`, JSON.stringify(config))
      const ended = await project().tool('typescript', 'tsc', ['-p', `${folder}/tsconfig.json`])
      expect(ended.output).toBe('')
      expect(ended.code).toBe(0)
    })
  }
}
