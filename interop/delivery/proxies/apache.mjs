import { existsSync } from 'node:fs'
import { Missing, need, versionOf } from '../programs.mjs'
import { launch, write } from './kit.mjs'

const MODULES = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/lib/httpd/modules']
const WANTED = ['mpm_event', 'authz_core', 'proxy', 'proxy_http']

export const apache = {
  name: 'Apache',
  async prepare() {
    const program = need('Apache', 'apache2', 'httpd')
    const modules = MODULES.find((directory) => existsSync(directory))
    if (modules === undefined) throw new Missing("Apache's modules are not installed")
    return { program, modules, version: await versionOf(program, '-v') }
  },
  start({ program, modules, folder, port, upstream }) {
    const config = write(
      folder,
      'apache.conf',
      `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
${WANTED.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
LimitRequestBody 0
ProxyPass / http://127.0.0.1:${upstream}/
`,
    )
    return launch({ program, args: ['-f', config, '-DFOREGROUND'], port, folder })
  },
}
