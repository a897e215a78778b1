// Exchanges that wait for a decision, as plain Node holds them and behind a check that never answers, and
// connections that linger after a refusal until the client goes.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import * as forExpress from '@expectation/express'
import * as forFastify from '@expectation/fastify'
import * as forKoa from '@expectation/koa'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { LIMIT_BYTES } from './application.mjs'
import { handWrittenLingering } from './node.mjs'

const LONG_MS = 3_600_000

export function nodeWaiting() {
  const held = new Set()
  const server = http.createServer()
  server.on('checkContinue', (request, response) => held.add({ request, response }))
  return unhurried(server)
}

export function attachedWaiting() {
  const checks = [() => new Promise(() => {})]
  return unhurried(attach(http.createServer(), { checks, checkTimeoutMs: LONG_MS }))
}

const LONG_LINGER = { idleMs: LONG_MS, totalMs: LONG_MS, maxConcurrent: 100_000 }
const LINGERING = { maxContentLength: LIMIT_BYTES, linger: LONG_LINGER }

export function attachedLingering() {
  return unhurried(attach(http.createServer(), LINGERING))
}

export function byHandLingering() {
  return unhurried(handWrittenLingering(LONG_MS))
}

export function expressLingering() {
  const app = express()
  app.use(forExpress.expectation(LINGERING))
  app.use(forExpress.errorHandler({ log: () => {} }))
  return unhurried(http.createServer(app))
}

export function koaLingering() {
  const app = new Koa()
  app.silent = true
  app.use(forKoa.expectation(LINGERING))
  return unhurried(http.createServer(app.callback()))
}

export async function fastifyLingering() {
  const app = Fastify({ bodyLimit: LIMIT_BYTES })
  await app.register(forFastify.expectation, LINGERING)
  app.post('/upload', async () => 'never')
  await app.ready()
  return unhurried(app.server)
}

function unhurried(server) {
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
  return server
}
