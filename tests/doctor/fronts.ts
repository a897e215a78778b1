// The proxies that the doctor stands on both sides of.
import { missingFor, proxyBefore } from './chains.js'
import type { ProxyName } from './proxy-configs.js'
import { fastifyProxyBefore, gatewayBefore, httpProxyBefore, type Listening } from './servers.js'
import type { Races } from './settled.js'

export interface Fronted {
  readonly title: string
  readonly missing?: string
  readonly races?: Races
  /** Starts the proxy in front of a port. */
  start(port: number): Promise<Listening>
}

function ofMachine(title: string, name: ProxyName, races: Races = {}): Fronted {
  const missing = missingFor(name)
  return {
    title,
    races,
    ...(missing === undefined ? {} : { missing }),
    start: (port) => proxyBefore(name, port),
  }
}

/** The content that was owed may have reached the origin before the next request, or not. */
const ANY_CONNECTION: Races = { kept: /^200, (new|same) connection$/ }

export const fronts = {
  // The gateway is as patient as a client that asks: after a second both go on.
  gateway: {
    title: '`@expectation/gateway`',
    races: { quiet: /^(silence > )?(100 > )?200$/ },
    start: gatewayBefore,
  },
  haproxy: ofMachine('HAProxy', 'haproxy', ANY_CONNECTION),
  squid: ofMachine('Squid', 'squid', ANY_CONNECTION),
  apache: ofMachine('Apache httpd', 'apache'),
  nginx: ofMachine('nginx, `proxy_request_buffering off`', 'nginx'),
  nginxBuffered: ofMachine('nginx, its default', 'nginxBuffered'),
  nginxForwarding: ofMachine('nginx that sets `Expect`', 'nginxForwarding'),
  // Caddy asks for content when it begins to copy it, unless the origin is quicker.
  caddy: ofMachine('Caddy', 'caddy', {
    refused: /^(100 > )?401, (nothing|part)\/(nothing|part) E$/,
    unasked: /^401, (part|all)\/(nothing|part)$/,
    accepted: /^100 > (100 > )?200$/,
    early: /^(100 > )?103 > 104 > 102 > 100 > 200$/,
    quiet: /^(100|silence) > 200$/,
    twice: /^(100 > ){2,3}200$/,
    midway: /^100 > (100 > )?413, (part|all)\/part E$/,
  }),
  lighttpd: ofMachine('lighttpd', 'lighttpd'),
  h2o: ofMachine('h2o', 'h2o'),
  varnish: ofMachine('Varnish', 'varnish'),
  httpProxy: { title: '`http-proxy`', start: httpProxyBefore },
  fastifyProxy: { title: '`@fastify/http-proxy`', start: fastifyProxyBefore },
} as const satisfies Readonly<Record<string, Fronted>>
