// The eighteen chains of docs/doctor.md: what is started, from the service forward.
import { installedVersion, programs, startProxy } from '@expectation/example-proxy-kit'
import { afterThisTest } from '../support/cleanup.js'
import { freePort } from '../support/free-port.js'
import { goService, hasGo } from './go.js'
import { type ProxyName, proxies } from './proxy-configs.js'
import {
  expressAlone,
  fastifyProxyBefore,
  gatewayBefore,
  httpProxyBefore,
  type Listening,
  nodeCloses,
  nodeKept,
  ours,
} from './servers.js'
import type { Races } from './settled.js'

export interface Chain {
  readonly title: string
  /** What is missing to run it; undefined when nothing is. */
  readonly missing?: string
  /** What a cell may say instead, where two servers race. */
  readonly races?: Races
  start(): Promise<Listening>
}

/** A proxy of the machine, in front of a port. */
export async function proxyBefore(name: ProxyName, appPort: number): Promise<Listening> {
  const { program, text } = proxies[name]
  const port = await freePort()
  const proxy = await startProxy({ program, config: text, port, appPort })
  afterThisTest(() => proxy.stop())
  return proxy
}

export function missingFor(name: ProxyName): string | undefined {
  const { program } = proxies[name]
  if (installedVersion(program) !== undefined) return undefined
  return `${programs[program].command} is not installed`
}

function behindProxy(title: string, name: ProxyName, races: Races = {}): Chain {
  const missing = missingFor(name)
  return {
    title,
    races,
    ...(missing === undefined ? {} : { missing }),
    start: async () => proxyBefore(name, (await ours()).port),
  }
}

/** Who closes with content unread loses the answer, unless everything was written by then. */
const RUDE: Races = { blind: /^(nothing|401)$/ }

export const chains = {
  ours: { title: 'Express with the gate', start: ours },
  gateway: {
    title: '`@expectation/gateway` → ours',
    start: async () => gatewayBefore((await ours()).port),
  },
  haproxy: behindProxy('HAProxy → ours', 'haproxy'),
  squid: behindProxy('Squid → ours', 'squid'),
  apache: behindProxy('Apache httpd → ours', 'apache'),
  go: {
    title: 'Go `net/http`',
    races: RUDE,
    ...(hasGo ? {} : { missing: 'go is not installed' }),
    start: goService,
  },
  nginx: behindProxy('nginx, `proxy_request_buffering off` → ours', 'nginx'),
  nginxBuffered: behindProxy('nginx, its default → ours', 'nginxBuffered'),
  // The service sends no 100 when content has come already, and nginx then has nothing to misunderstand.
  nginxForwarding: behindProxy('nginx that sets `Expect` → ours', 'nginxForwarding', {
    accepts: /^100 > (nothing|200)$/,
  }),
  lighttpd: behindProxy('lighttpd → ours', 'lighttpd'),
  // Caddy asks for content when it begins to copy it, unless the service is quicker, and its last pieces may
  // be sent before a refusal comes or not.
  caddy: behindProxy('Caddy → ours', 'caddy', {
    asked: /^(100 > ){0,2}404( at (part|all))?, closed$/,
    plain: /^404 at (part|all)$/,
    loose: /^(100 > )?417( at (part|all))?$/,
    huge: /^(100 > )?404$/,
    accepts: /^100 > (100 > )?200$/,
  }),
  h2o: behindProxy('h2o → ours', 'h2o'),
  varnish: behindProxy('Varnish → ours', 'varnish'),
  express: { title: 'Express alone', start: expressAlone },
  nodeKept: { title: 'Node, keeps after a refusal', start: nodeKept },
  nodeCloses: { title: 'Node, destroys after a refusal', races: RUDE, start: nodeCloses },
  httpProxy: {
    title: '`http-proxy` → ours',
    start: async () => httpProxyBefore((await ours()).port),
  },
  fastifyProxy: {
    title: '`@fastify/http-proxy` → ours',
    start: async () => fastifyProxyBefore((await ours()).port),
  },
} as const satisfies Readonly<Record<string, Chain>>

export type ChainName = keyof typeof chains
