// What each proxy does, as the table in docs/proxies.md says it and as the tests see it.
import type { ConfigName } from './configs.js'
import type { Accepted, Observed, Refused } from './observe.js'

export interface Row {
  readonly config: ConfigName
  readonly title: string
  /** The version that this was last measured with; another one has to do the same. */
  readonly version: string
  readonly expected: Observed
  /** The proxy resets some connections of clients that asked, and the refusal is lost with them. */
  readonly losesSome?: true
  /**
   * The proxy asks when it begins to copy content. A service that is quicker spares the client that
   * 100: a refusal comes first, and Go's `ResponseWriter` writes no 100 of its own after a forwarded one.
   */
  readonly asksLate?: true
  readonly advice: string
}

const taken = { status: 200, continueFrom: 'nobody', serviceSawExpect: false } as const
const askedByService: Accepted = { ...taken, continueFrom: 'service', serviceSawExpect: true }
const askedByProxy: Accepted = { ...taken, continueFrom: 'proxy' }

const refusal = { status: 401, words: 'service', continueFrom: 'nobody' } as const
const beforeContent: Refused = { ...refusal, toProxy: 'nothing', toService: 'nothing' }
const whileSending: Refused = { ...refusal, toProxy: 'part', toService: 'part' }
const afterContent: Refused = { ...refusal, toProxy: 'all', toService: 'part' }

const asked = (refused: Refused): Refused => ({ ...refused, continueFrom: 'proxy' })

export const rows: readonly Row[] = [
  {
    config: 'haproxy',
    title: 'HAProxy',
    version: '2.6.12',
    expected: {
      accepted: askedByService,
      acceptedWithoutExpect: taken,
      refused: beforeContent,
      refusedWithoutExpect: whileSending,
      unknownExpectation: { status: 417, words: 'service' },
    },
    advice: 'The service decides, before content. Nothing to set.',
  },
  {
    config: 'apache',
    title: 'Apache httpd',
    version: '2.4.71',
    expected: {
      accepted: askedByService,
      acceptedWithoutExpect: taken,
      refused: beforeContent,
      refusedWithoutExpect: { ...refusal, toProxy: 'all', toService: 'all' },
      unknownExpectation: { status: 417, words: 'proxy' },
    },
    advice:
      'The service decides, before content, for clients that ask. From the others everything is read first.',
  },
  {
    config: 'nginx',
    title: 'nginx, `proxy_request_buffering off`',
    version: '1.22.1',
    expected: {
      accepted: askedByProxy,
      acceptedWithoutExpect: taken,
      refused: asked(whileSending),
      refusedWithoutExpect: whileSending,
      unknownExpectation: { status: 200, words: 'service' },
    },
    advice: 'The refusal comes while content is sent. Nobody is spared the start of it.',
  },
  {
    config: 'nginxBuffered',
    title: 'nginx, its default',
    version: '1.22.1',
    expected: {
      accepted: askedByProxy,
      acceptedWithoutExpect: taken,
      refused: asked(afterContent),
      refusedWithoutExpect: afterContent,
      unknownExpectation: { status: 200, words: 'service' },
    },
    advice: 'The refusal comes after the whole upload. Switch buffering off for uploads.',
  },
  {
    config: 'caddy',
    title: 'Caddy',
    version: '2.6.2',
    expected: {
      accepted: { ...askedByService, continueFrom: 'both' },
      acceptedWithoutExpect: taken,
      refused: asked(whileSending),
      refusedWithoutExpect: whileSending,
      unknownExpectation: { status: 417, words: 'proxy' },
    },
    losesSome: true,
    asksLate: true,
    advice:
      'Asks for the content by itself, unless the 100 or the refusal of the service is quicker. ' +
      'Loses a refusal now and then.',
  },
  {
    config: 'lighttpd',
    title: 'lighttpd',
    version: '1.4.69',
    expected: {
      accepted: askedByProxy,
      acceptedWithoutExpect: taken,
      refused: asked(afterContent),
      refusedWithoutExpect: afterContent,
      unknownExpectation: { status: 200, words: 'service' },
    },
    advice: 'As nginx by default: the refusal comes after the whole upload.',
  },
]
