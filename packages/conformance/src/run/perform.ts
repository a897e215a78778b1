// Performs the steps of a case over HTTP/1, one after the other; the first that fails ends it.

import { asking, FIVE, head } from '../cases/bytes.js'
import type { Final, Http1Case, Step } from '../cases/case.js'
import type { Address } from '../wire/address.js'
import type { WireResponse } from '../wire/response.js'
import { closed, neverDispatched, SILENCE_MS, sound } from './aftermath.js'
import { callsOf } from './calls.js'
import { Exchange } from './exchange.js'
import { CannotRun, faultOf, mustTake, NO_NEGOTIATION, statusIs } from './judge.js'
import { requestOnce } from './once.js'
import type { Template } from './template.js'

/** @throws Observation - something was seen that must not be, or was not seen that must. */
export async function performHttp1(
  address: Address,
  template: Template,
  subject: Http1Case,
): Promise<void> {
  const exchange = await Exchange.open(address, template, subject)
  try {
    for (const step of subject.steps) {
      if (isInTurn(step) && exchange.last?.saysClose) return await closed(exchange)
      await perform(exchange, step)
    }
  } finally {
    exchange.close()
  }
}

/** It is for a request that was sent behind another, and may be closed instead (RFC 9112 9.6). */
function isInTurn(step: Step): boolean {
  return step.do === 'final-in-turn' || step.do === 'continue'
}

async function perform(exchange: Exchange, step: Step): Promise<void> {
  const { client } = exchange
  switch (step.do) {
    case 'send':
      return client
        .sendAll(repeated(exchange.fill(step.bytes), step.times), 8000)
        .catch(ignoreClosed(exchange))
    case 'speaks-1.0':
      return speaksOld(exchange)
    case 'takes':
      return takes(exchange, step)
    case 'flood':
      return flood(exchange, step)
    case 'drip':
      return drip(exchange, step)
    case 'pause':
      return client.pause(step.ms)
    case 'half-close':
      return client.halfClose()
    case 'reset':
      return client.reset()
    case 'continue':
      return bareContinue(exchange, step)
    case 'final':
    case 'final-in-turn':
      return final(exchange, step)
    case 'answered':
      return answered(exchange, step)
    case 'again':
      return again(exchange)
    case 'silence':
      return silence(exchange, step.ms)
    case 'asked':
      return asked(exchange, step.content)
    case 'not-asked':
      return notAsked(exchange, step.content)
    case 'sound':
      return sound(exchange, step)
    case 'never-dispatched':
      return neverDispatched(exchange, step.bytes)
    case 'not-reset':
      return notReset(exchange, step)
    case 'serves':
      client.send(exchange.fill('{other}'))
      return final(exchange, { status: ['2xx'] })
    case 'rejected':
      return rejected(exchange, step)
    case 'closed':
      return closed(exchange, step.withinMs)
    case 'alive':
      return alive(exchange)
    case 'calls':
      return calls(exchange, step.id, step.most)
    case 'connect':
      return exchange.connect()
  }
}

/** A server may close while we still send; what it answered is looked at in the next step. */
function ignoreClosed(exchange: Exchange): (error: unknown) => void {
  return (error) => {
    if (exchange.client.end === 'open') throw error
  }
}

function repeated(bytes: Buffer, times = 1): Buffer {
  return times === 1 ? bytes : Buffer.concat(Array<Buffer>(times).fill(bytes))
}

async function takes(exchange: Exchange, step: Extract<Step, { do: 'takes' }>): Promise<void> {
  const { address, template } = exchange
  const content = repeated(exchange.fill(step.bytes), step.times)
  const text = head({ length: content.length, lines: ['Connection: close'] })
  // Without an answer nothing is known: the case itself judges.
  const answer = await requestOnce(address, template.fill(text), content).catch(() => undefined)
  mustTake(answer, content.length, template.route('reads'))
}

/** A kept connection may still be closed at any time while it is idle (RFC 9112 9.5). */
async function again(exchange: Exchange): Promise<void> {
  await exchange.client.pause(10)
  if (exchange.last?.saysClose || exchange.client.end !== 'open') await exchange.connect()
}

async function flood(exchange: Exchange, step: Extract<Step, { do: 'flood' }>): Promise<void> {
  const { client } = exchange
  const bytes = exchange.fill(step.bytes)
  client.stopReading()
  client.send(exchange.fill(step.head))
  for (let round = 0; round < step.times && client.end === 'open'; round += 1) {
    await client.sendAll(bytes, 8000).catch(ignoreClosed(exchange))
  }
  // Many client stacks give up here and drop what they have not read; ours must not be luckier.
  if (client.failure !== undefined) {
    exchange.fail(`the server cut the connection (${client.failure.code}) under an unread answer`)
  }
  client.startReading()
}

async function drip(exchange: Exchange, step: Extract<Step, { do: 'drip' }>): Promise<void> {
  const bytes = exchange.fill(step.bytes)
  const size = step.size ?? 1
  for (let at = 0; at < bytes.length; at += size) {
    exchange.client.send(bytes.subarray(at, at + size))
    await exchange.client.pause(step.gapMs)
  }
}

async function bareContinue(
  exchange: Exchange,
  step: Extract<Step, { do: 'continue' }>,
): Promise<void> {
  const response = await exchange.next(step)
  if (response === undefined) exchange.fail('the connection ended before a 100')
  if (response.status !== 100) {
    await mustNegotiate(exchange, response)
    exchange.fail(`expected 100 Continue, got ${response.status}`)
  }
  if (response.fields.length > 0 && step.fields !== 'may') exchange.fail('a 100 with fields')
  if (response.version !== '1.1') exchange.fail('a 100 in HTTP/1.0')
  exchange.continued = true
}

async function final(exchange: Exchange, step: Final): Promise<void> {
  return judged(exchange, await exchange.final(step), step)
}

async function judged(exchange: Exchange, response: WireResponse, step: Final): Promise<void> {
  const content =
    step.read === undefined ? undefined : repeated(exchange.fill(step.read), step.readTimes)
  const fault = faultOf(response, step, content)
  if (fault !== undefined) {
    await mustNegotiate(exchange, response)
    exchange.fail(fault)
  }
  const shown = step.without?.find((text) => exchange.client.seen.includes(text))
  if (shown !== undefined) exchange.fail(`${JSON.stringify(shown)} was repeated to the client`)
}

/**
 * RFC 9110 10.1.1 leaves it open to answer with a final status from the head, and so to answer every
 * 100-continue with 417. Only one that is answered otherwise elsewhere makes a 417 wrong.
 *
 * @throws CannotRun
 */
async function mustNegotiate({ address, template }: Exchange, seen: WireResponse): Promise<void> {
  if (seen.status !== 417 || !template.plays('reads')) return
  const plain = asking({ lines: ['Connection: close'] })
  const answer = await requestOnce(address, template.fill(plain) + FIVE).catch(() => undefined)
  if (answer?.status === 417) throw new CannotRun(NO_NEGOTIATION)
}

/** RFC 9110 15.5.22 and 15.6.6: it may be refused altogether. */
async function speaksOld({ address, template }: Exchange): Promise<void> {
  const plain = template.fill(head({ to: 'hello', version: '1.0' }))
  const { status } = await requestOnce(address, plain)
  if (status === 426 || status === 505) throw new CannotRun(`HTTP/1.0 is answered with ${status}`)
}

/** How long a server that has sent a 100 may take before it gets the content it may be waiting for. */
const PATIENCE_MS = 300

async function answered(
  exchange: Exchange,
  step: Extract<Step, { do: 'answered' }>,
): Promise<void> {
  const first =
    step.quiet === 'may' ? await exchange.nextIfAny(PATIENCE_MS, step) : await exchange.next(step)
  const waits = first === undefined || first.status === 100
  const response = first?.status === 100 ? await exchange.nextIfAny(PATIENCE_MS, step) : first
  if (response !== undefined && response.status !== 100) {
    exchange.unsent = step.content
    exchange.last = response
    return judged(exchange, response, step)
  }
  if (exchange.client.end !== 'open' || !waits) exchange.fail('no final response')
  exchange.continued = true
  if (step.content === '') return
  exchange.client.send(exchange.fill(step.content))
  return final(exchange, step)
}

async function silence(exchange: Exchange, ms: number): Promise<void> {
  const response = await exchange.nextIfAny(ms)
  if (response !== undefined) exchange.fail(`expected ${ms} ms of silence, got ${response.status}`)
  if (exchange.client.end !== 'open') exchange.fail(`expected ${ms} ms of silence, got the end`)
}

/** R16: within a second, since that is as long as most clients wait. */
async function asked(exchange: Exchange, content: string): Promise<void> {
  const response = await exchange.next({ withinMs: 2000 })
  if (response === undefined) exchange.fail('the connection ended without an answer')
  if (response.status === 100) {
    exchange.continued = true
    exchange.client.send(exchange.fill(content))
    return final(exchange, { status: ['2xx'], read: content })
  }
  if (!statusIs(response.status, ['error'])) {
    exchange.fail(`${response.status} before the content was sent`)
  }
  exchange.last = response
  return sound(exchange, { rest: content })
}

async function notAsked(exchange: Exchange, content: string): Promise<void> {
  let response = await exchange.nextIfAny(SILENCE_MS)
  let rest: string | undefined = content
  if (response === undefined) {
    if (exchange.client.end !== 'open') return
    exchange.client.send(exchange.fill(content))
    rest = undefined
    response = await exchange.next()
    if (response === undefined) return
  }
  if (response.status === 100) exchange.fail('a 100 that nobody asked for')
  exchange.last = response
  return sound(exchange, rest === undefined ? {} : { rest })
}

async function notReset(
  exchange: Exchange,
  step: Extract<Step, { do: 'not-reset' }>,
): Promise<void> {
  const bytes = exchange.fill(step.bytes)
  for (let round = 0; round < step.times; round += 1) {
    exchange.client.send(bytes)
    await exchange.client.pause(20)
    if (exchange.client.failure !== undefined) {
      exchange.fail(
        `the server cut the connection (${exchange.client.failure.code}) under an answer`,
      )
    }
  }
}

async function rejected(
  exchange: Exchange,
  step: Extract<Step, { do: 'rejected' }>,
): Promise<void> {
  let response = await exchange.next(step)
  // Where one may come, or has come, another one is no fault of its own (RFC 9110 15.2).
  while (response?.status === 100 && (step.interim === 'may' || exchange.continued)) {
    exchange.continued = true
    response = await exchange.next(step)
  }
  if (response === undefined) return
  if (response.status === 100) exchange.fail('a 100 where a refusal had to come')
  if (!statusIs(response.status, ['error'])) exchange.fail(`accepted with ${response.status}`)
  exchange.last = response
}

async function alive(exchange: Exchange): Promise<void> {
  const line =
    '{method:hello} {target:hello} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields:hello}\r\n'
  const response = await requestOnce(exchange.address, exchange.template.fill(line))
  if (!statusIs(response.status, ['2xx'])) {
    exchange.fail(`a plain request on a new connection got ${response.status}`)
  }
}

async function calls(exchange: Exchange, id: string, most: number): Promise<void> {
  const { address, template } = exchange
  const seen = await callsOf(address, template, template.fill(id))
  if (seen !== undefined && seen > most) exchange.fail(`${seen} calls of a route, at most ${most}`)
}
