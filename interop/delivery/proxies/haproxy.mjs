import { need, versionOf } from '../programs.mjs'
import { launch, write } from './kit.mjs'

export const haproxy = {
  name: 'HAProxy',
  async prepare() {
    const program = need('HAProxy', 'haproxy')
    return { program, version: await versionOf(program, '-v') }
  },
  start({ program, folder, port, upstream }) {
    const config = write(
      folder,
      'haproxy.cfg',
      `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend near
  bind 127.0.0.1:${port}
  default_backend far
backend far
  server one 127.0.0.1:${upstream}
`,
    )
    return launch({ program, args: ['-db', '-q', '-f', config], port, folder })
  },
}
