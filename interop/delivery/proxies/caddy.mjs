import { need, versionOf } from '../programs.mjs'
import { launch, write } from './kit.mjs'

export const caddy = {
  name: 'Caddy',
  async prepare() {
    const program = need('Caddy', 'caddy')
    return { program, version: await versionOf(program, 'version') }
  },
  start: (options) => run(options, `reverse_proxy 127.0.0.1:${options.upstream}`),
  /** Caddy refuses by itself: what it does to a client that never looks up is no fault of ours. */
  alone: (options) => run(options, REFUSES),
}

const REFUSES = `@upload method PUT
  respond @upload \`{"error":{"code":413}}\` 413
  respond 200`

function run({ program, folder, port }, directives) {
  const config = write(
    folder,
    'Caddyfile',
    `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  ${directives}
}
`,
  )
  const args = ['run', '--config', config, '--adapter', 'caddyfile']
  return launch({ program, args, port, folder })
}
