// The requests from outside over HTTP/1.1, as data; who sends them chooses their order. Each asks one thing.
// None of the uploads is meant to be accepted but that of `accepts`.

import type { OutsideName } from '../facts/facts.js'
import type { Settings } from '../options.js'
import type { Plan } from '../wire/exchange.js'
import type { RequestHead } from '../wire/head.js'
import type { Target } from './target.js'

/** Far above what anybody takes, and still a number that every server can read. */
const HUGE_BYTES = 10 ** 14
const BLIND_BYTES = 4 * 1024 * 1024

export interface PlansOptions {
  readonly target: Target
  readonly settings: Settings
}

/** Without those that are not always made. */
export type AlwaysName = Exclude<OutsideName, 'http2' | 'desync' | 'accepts'>

export type Plans = Readonly<Record<AlwaysName, Plan>>

export function plansFor(options: PlansOptions): Plans {
  const { settings } = options
  const upload = uploadHead(options)
  const get = getHead(options)
  const asking = { ...upload, expect: '100-continue' }
  const paced = { manner: 'paced', asks: true } as const
  return {
    options: {
      probe: 'options',
      head: { ...get, method: 'OPTIONS' },
      manner: 'paced',
      asks: false,
    },
    asked: { probe: 'asked', head: asking, ...paced, followUp: get },
    plain: { probe: 'plain', head: upload, manner: 'paced', asks: false },
    blind: {
      probe: 'blind',
      head: { ...upload, contentBytes: Math.max(BLIND_BYTES, settings.contentBytes * 16) },
      manner: 'blind',
      asks: false,
    },
    unknown: {
      probe: 'unknown',
      head: { ...upload, expect: 'expectation-doctor' },
      ...paced,
      followUp: get,
    },
    loose: { probe: 'loose', head: { ...upload, expect: 'y 100-continue' }, ...paced },
    http10: { probe: 'http10', head: { ...asking, version: '1.0' }, ...paced },
    get: { probe: 'get', head: { ...get, expect: '100-continue' }, manner: 'paced', asks: false },
    huge: {
      probe: 'huge',
      // The connection ends with this request, so nobody is owed what is announced.
      head: {
        ...asking,
        contentBytes: HUGE_BYTES,
        fields: [...asking.fields, ['Connection', 'close']],
      },
      manner: 'never',
      asks: true,
    },
  }
}

export function acceptsPlan({ target, settings }: PlansOptions): Plan | undefined {
  const { accepts } = settings
  if (accepts === undefined) return undefined
  const { method } = accepts
  const head: RequestHead = {
    ...uploadHead({ target, settings }),
    method,
    target: accepts.target,
    fields: contentFields(settings),
    expect: '100-continue',
  }
  return { probe: 'accepts', head, manner: 'paced', asks: true }
}

export function uploadHead({ target, settings }: PlansOptions): RequestHead {
  return {
    method: settings.method,
    target: target.target,
    version: '1.1',
    authority: target.address.authority,
    contentBytes: settings.contentBytes,
    // RFC 9110 section 13.1.1: who would store it has to answer 412, as no representation has this tag.
    fields: [...contentFields(settings), ['If-Match', `"${target.name}"`]],
  }
}

export function getHead({ target, settings }: PlansOptions): RequestHead {
  return {
    method: 'GET',
    target: target.target,
    version: '1.1',
    authority: target.address.authority,
    fields: settings.fields,
  }
}

function contentFields({ fields }: Settings): RequestHead['fields'] {
  const typed = fields.some(([name]) => name.toLowerCase() === 'content-type')
  return typed ? fields : [...fields, ['Content-Type', 'application/octet-stream']]
}
