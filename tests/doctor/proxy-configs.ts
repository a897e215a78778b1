// The proxies that stand before the service in the table, and before the doctor's own origin: those of
// docs/proxies.md as they are configured there, and three more.
import type { ProxyConfig } from '../proxies/configs.js'
import { configs } from '../proxies/configs.js'

export const proxies = {
  haproxy: configs.haproxy,
  squid: {
    program: 'squid',
    text: [
      'http_port 127.0.0.1:8080 accel defaultsite=localhost no-vhost',
      'cache_peer 127.0.0.1 parent 3000 0 no-query no-digest originserver name=service',
      'http_access allow all',
      'cache deny all',
      'access_log none',
      'cache_log /dev/null',
      'cache_store_log none',
      'pid_filename none',
      'netdb_filename none',
      'pinger_enable off',
      'visible_hostname localhost',
      'shutdown_lifetime 0 seconds',
      '',
    ].join('\n'),
  },
  apache: configs.apache,
  nginx: configs.nginx,
  nginxBuffered: configs.nginxBuffered,
  nginxForwarding: configs.nginxForwarding,
  lighttpd: configs.lighttpd,
  caddy: configs.caddy,
  h2o: {
    program: 'h2o',
    text: [
      'num-threads: 1',
      'listen:',
      '  host: 127.0.0.1',
      '  port: 8080',
      'hosts:',
      '  default:',
      '    paths:',
      '      /:',
      '        proxy.reverse.url: http://127.0.0.1:3000/',
      '',
    ].join('\n'),
  },
  varnish: {
    program: 'varnish',
    text: 'vcl 4.1;\nbackend default { .host = "127.0.0.1"; .port = "3000"; }\n',
  },
} as const satisfies Readonly<Record<string, ProxyConfig>>

export type ProxyName = keyof typeof proxies
