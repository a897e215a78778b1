// The configurations that are tested: those of the examples as they stand, changes to them that
// people make, and two proxies that have no example.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ProgramName } from '@expectation/example-proxy-kit'

export interface ProxyConfig {
  readonly program: ProgramName
  readonly text: string
}

function example(program: ProgramName, file: string): ProxyConfig {
  const directory = path.resolve(__dirname, `../../examples/behind-${program}`)
  return { program, text: readFileSync(path.join(directory, file), 'utf8') }
}

function changed({ program, text }: ProxyConfig, from: string, to: string): ProxyConfig {
  const after = text.replace(from, to)
  if (after === text) throw new Error(`The configuration has no '${from}'`)
  return { program, text: after }
}

const nginx = example('nginx', 'nginx.conf')
const apache = example('apache', 'apache.conf')
const haproxy = example('haproxy', 'haproxy.cfg')

export const configs = {
  nginx,
  nginxBranded: example('nginx', 'nginx-branded.conf'),
  nginxBuffered: changed(nginx, 'proxy_request_buffering off', 'proxy_request_buffering on'),
  nginxForwarding: changed(
    nginx,
    'proxy_set_header Host $http_host;',
    'proxy_set_header Host $http_host;\nproxy_set_header Expect $http_expect;',
  ),
  nginxDefaultSize: changed(nginx, 'client_max_body_size 0;', ''),
  apache,
  apacheBranded: example('apache', 'apache-branded.conf'),
  haproxy,
  haproxyBuffered: changed(haproxy, 'mode http', 'mode http\n  option http-buffer-request'),
  caddy: {
    program: 'caddy',
    text: [
      '{',
      '  admin off',
      '  auto_https off',
      '}',
      'http://127.0.0.1:8080 {',
      '  bind 127.0.0.1',
      '  reverse_proxy 127.0.0.1:3000',
      '}',
      '',
    ].join('\n'),
  },
  lighttpd: {
    program: 'lighttpd',
    text: [
      'server.document-root = "."',
      'server.bind = "127.0.0.1"',
      'server.port = 8080',
      'server.modules = ( "mod_proxy" )',
      'server.upload-dirs = ( "." )',
      'proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => 3000 ) ) )',
      '',
    ].join('\n'),
  },
} as const satisfies Readonly<Record<string, ProxyConfig>>

export type ConfigName = keyof typeof configs
