// Exchanges that wait for a decision: as plain Node holds them, and behind a check that never answers.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { LIMIT_BYTES } from './application.mjs'

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

/** Refuses, and lingers until the client goes. */
export function lingering(maxConcurrent = 100_000) {
  const linger = { idleMs: LONG_MS, totalMs: LONG_MS, maxConcurrent }
  return unhurried(attach(http.createServer(), { maxContentLength: LIMIT_BYTES, linger }))
}

function unhurried(server) {
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
  return server
}
