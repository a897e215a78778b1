// Performs the steps of a case over HTTP/2: one connection, named streams.

import { FIVE } from '../cases/bytes.js'
import type { Http2Case, Http2Step } from '../cases/case.js'
import type { Address } from '../wire/address.js'
import { Http2Client, type Http2Stream } from '../wire/http2-client.js'
import { Observation } from '../wire/raw-client.js'
import { SILENCE_MS } from './aftermath.js'
import { CannotRun, faultOf, mustTake, NO_NEGOTIATION, statusIs } from './judge.js'
import type { Template } from './template.js'

type OnStream = Extract<Http2Step, { readonly stream: string }>

/** @throws Observation - something was seen that must not be, or was not seen that must. */
export async function performHttp2(
  address: Address,
  template: Template,
  subject: Http2Case,
): Promise<void> {
  const client = await Http2Client.connect(address)
  const streams = new Map<string, Http2Stream>()
  try {
    for (const step of subject.steps) {
      if (step.do === 'pause') await new Promise((resolve) => setTimeout(resolve, step.ms))
      else if (step.do === 'takes') await takes(client, template, step)
      else if (step.do === 'serves') await serves(client, template)
      else if (step.do === 'request') streams.set(step.stream, request(client, template, step))
      else {
        const stream = known(streams, step)
        await perform(stream, template, step).catch(async (error: unknown) => {
          await mustNegotiate(client, template, stream)
          throw error
        })
      }
    }
  } finally {
    client.destroy()
  }
}

function known(streams: ReadonlyMap<string, Http2Stream>, step: OnStream): Http2Stream {
  const stream = streams.get(step.stream)
  if (stream === undefined) throw new Error(`the case opens no stream ${step.stream}`)
  return stream
}

export function request(
  client: Http2Client,
  template: Template,
  step: Extract<Http2Step, { do: 'request' }>,
): Http2Stream {
  const route = template.route(step.to)
  const fields = Object.entries(step.fields ?? {}).map(([name, value]): [string, string] => [
    name,
    template.fill(typeof value === 'string' ? value : value.join(', ')),
  ])
  const head = {
    ':method': step.method ?? route.method,
    ':path': route.target,
    'conformance-id': template.id,
    ...route.fields,
    ...Object.fromEntries(fields),
  }
  return client.request(head, step.end === true)
}

/** As over HTTP/1: a 417 is wrong only where another 100-continue is not answered with it. */
async function mustNegotiate(
  client: Http2Client,
  template: Template,
  { status }: Http2Stream,
): Promise<void> {
  if (status !== 417 || !template.plays('reads')) return
  const fields = { expect: '100-continue' }
  const plain = request(client, template, { do: 'request', stream: 'plain', to: 'reads', fields })
  plain.send(Buffer.from(FIVE), true)
  const answer = await plain.answer().catch(() => undefined)
  if (answer?.status === 417) throw new CannotRun(NO_NEGOTIATION)
}

async function takes(
  client: Http2Client,
  template: Template,
  { bytes, times }: Extract<Http2Step, { do: 'takes' }>,
): Promise<void> {
  const content = Buffer.from(template.fill(bytes).repeat(times), 'latin1')
  const fields = { 'content-length': String(content.length) }
  const stream = request(client, template, { do: 'request', stream: 'takes', to: 'reads', fields })
  stream.send(content, true)
  const answer = await stream.answer(8000).catch(() => undefined)
  mustTake(answer, content.length, template.route('reads'))
}

async function perform(
  stream: Http2Stream,
  template: Template,
  step: Exclude<OnStream, { do: 'request' }>,
): Promise<void> {
  switch (step.do) {
    case 'data': {
      const bytes = Buffer.from(template.fill(step.bytes), 'latin1')
      return stream.send(
        Buffer.concat(Array<Buffer>(step.times ?? 1).fill(bytes)),
        step.end === true,
      )
    }
    case 'cancel':
      return stream.cancel()
    case 'continue':
      return stream.continued()
    case 'over':
      return stream.over()
    case 'silence':
      return silence(stream, step.ms)
    case 'asked':
      return asked(stream, step.content)
    case 'not-asked':
      return notAsked(stream, step.content)
    case 'final':
      return final(stream, template, step)
  }
}

async function final(
  stream: Http2Stream,
  template: Template,
  step: Extract<Http2Step, { do: 'final' }>,
): Promise<void> {
  const answer = await stream.answer(step.withinMs)
  if (stream.continues > (step.interim === 'may' ? 1 : stream.expected)) {
    throw new Observation(`${stream.continues} times 100 before ${answer.status}`)
  }
  const content =
    step.read === undefined
      ? undefined
      : Buffer.from(template.fill(step.read).repeat(step.readTimes ?? 1), 'latin1')
  const fault = faultOf(answer, step, content)
  if (fault !== undefined) throw new Observation(fault)
}

async function silence(stream: Http2Stream, ms: number): Promise<void> {
  const seen = await stream.anything(ms)
  if (seen !== undefined) throw new Observation(`expected ${ms} ms of silence, got ${seen}`)
}

async function asked(stream: Http2Stream, content: string): Promise<void> {
  const seen = await stream.anything(2000)
  if (seen === undefined) throw new Observation('neither a 100 nor a final status within 2000 ms')
  if (seen === '100') stream.send(Buffer.from(content), true)
  const answer = await stream.answer()
  const wanted = seen === '100' ? (['2xx'] as const) : (['error'] as const)
  if (!statusIs(answer.status, wanted)) throw new Observation(`answered ${answer.status}`)
}

async function notAsked(stream: Http2Stream, content: string): Promise<void> {
  const seen = await stream.anything(SILENCE_MS)
  if (seen === undefined) stream.send(Buffer.from(content), true)
  await stream.answer()
  if (stream.continues > 0) throw new Observation('a 100 that nobody asked for')
}

async function serves(client: Http2Client, template: Template): Promise<void> {
  const { method, target, fields } = template.route('hello')
  const stream = client.request({ ':method': method, ':path': target, ...fields }, true)
  const answer = await stream.answer()
  if (!statusIs(answer.status, ['2xx'])) {
    throw new Observation(`another stream of the connection got ${answer.status}`)
  }
}
