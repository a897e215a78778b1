// What is told of relays: onRelay, the channel, the log line, metrics.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { RELAY_CHANNEL, type RelayOutcome } from '@expectation/core'
import { prometheus } from '@expectation/metrics'
import { Registry } from 'prom-client'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { front } from './support/front.js'
import { answer, CONTINUE, deadOrigin, rawUpstream } from './support/raw-upstream.js'

keepConsoleErrors()

const takes = () =>
  rawUpstream(async (connection) => {
    const text = await connection.head()
    if (/^expect:/im.test(text)) connection.send(CONTINUE)
    await connection.content(Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0))
    connection.send(answer('201 Created'))
  })

const busy = () =>
  rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('503 Service Unavailable'))
  })

test('one outcome for each request, by onRelay and on the channel', async () => {
  const [first, second] = [await busy(), await takes()]
  const published: unknown[] = []
  const take = (message: unknown): void => void published.push(message)
  subscribe(RELAY_CHANNEL, take)
  afterThisTest(() => void unsubscribe(RELAY_CHANNEL, take))
  const { port, outcome } = await front([first.origin, second.origin])
  const client = await RawClient.connect({ port })
  await client.send(asking({ target: '/a?token=secret' })).continue()
  await client.send('hello').final()
  const told = await outcome()
  expect(published).toEqual([told])
  expect(told).toEqual({
    request: expect.anything(),
    method: 'PUT',
    // Queries carry tokens.
    path: '/a',
    upstream: second.origin,
    attempts: [
      {
        upstream: first.origin,
        asked: true,
        verdict: 'refused',
        status: 503,
        verdictMs: expect.any(Number),
        reused: false,
      },
      {
        upstream: second.origin,
        asked: true,
        verdict: 'continue',
        status: 201,
        verdictMs: expect.any(Number),
        reused: false,
      },
    ],
    spent: true,
    contentBytes: 5,
    sparedBytes: 0,
    status: 201,
    clientGone: false,
    durationMs: expect.any(Number),
  } satisfies RelayOutcome)
})

test('the log line says who is at fault', async () => {
  const lines: string[] = []
  const level = (name: string) => (fields: object, message: string) => {
    lines.push(`${name} ${message}`)
    expect(JSON.stringify(fields)).not.toContain('secret')
  }
  const logger = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  }
  const ok = await takes()
  const request = head({ method: 'GET', target: '/a?secret' })
  for (const upstreams of [[ok.origin], [(await busy()).origin, ok.origin], [await deadOrigin()]]) {
    const client = await RawClient.connect(await front(upstreams, { logger }))
    await client.send(request).final()
  }
  expect(lines).toEqual([
    'debug relayed',
    'warn another upstream took the request',
    'error no upstream took the request: upstream_unreachable',
  ])
})

test('metrics count attempts, failovers, silence, 417 and what was spared', async () => {
  const register = new Registry()
  const counting = prometheus(register)
  afterThisTest(() => counting.stop())
  const refuses = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('401 Unauthorized'))
  })
  const silent = await rawUpstream(async (connection) => {
    await connection.head()
    await connection.content(5)
    connection.send(answer('200 OK'))
  })
  const unexpecting = await rawUpstream(async (connection) => {
    const asked = /^expect:/im.test(await connection.head())
    if (!asked) await connection.content(5)
    connection.send(answer(asked ? '417 Expectation Failed' : '200 OK'))
  })
  const cases = [
    [(await busy()).origin, (await takes()).origin],
    [silent.origin],
    [unexpecting.origin],
  ]
  for (const upstreams of cases) {
    const options = upstreams[0] === silent.origin ? { continueTimeoutMs: 50 } : {}
    const client = await RawClient.connect(await front(upstreams, options))
    await client.send(asking()).continue()
    await client.send('hello').final()
  }
  const client = await RawClient.connect(await front([refuses.origin]))
  await client.send(asking({ length: 1_000_000 })).final()
  const text = await register.metrics()
  const sum = (name: string, labels = ''): number =>
    [...text.matchAll(new RegExp(`^${name}(\\{.*${labels}.*\\})? (\\d+)$`, 'gm'))].reduce(
      (total, [, , value]) => total + Number(value),
      0,
    )
  expect({
    refused: sum('expectation_relay_attempts_total', 'verdict="refused"'),
    continued: sum('expectation_relay_attempts_total', 'verdict="continue"'),
    failovers: sum('expectation_relay_failovers_total', `from="${cases[0]?.[0]}"`),
    silent: sum('expectation_relay_silent_total', `upstream="${silent.origin}"`),
    unexpected: sum('expectation_relay_unexpected_total'),
    spared: sum('expectation_relay_spared_bytes_total'),
    timed: sum('expectation_relay_verdict_seconds_count'),
  }).toEqual({
    refused: 3,
    continued: 1,
    failovers: 1,
    silent: 1,
    unexpected: 1,
    spared: 1_000_000,
    timed: 6,
  })
})
