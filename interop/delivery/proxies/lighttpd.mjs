import { need, versionOf } from '../programs.mjs'
import { launch, write } from './kit.mjs'

export const lighttpd = named('lighttpd', '')

/** Hands content on as it comes, where the other one takes all of it first. */
export const streamingLighttpd = named('lighttpd, streaming', 'server.stream-request-body = 2')

function named(name, more) {
  return {
    name,
    async prepare() {
      const program = need('lighttpd', 'lighttpd')
      return { program, version: await versionOf(program, '-v') }
    },
    start({ program, folder, port, upstream }) {
      const config = write(
        folder,
        'lighttpd.conf',
        `server.modules = ( "mod_proxy" )
server.document-root = "${folder}"
server.upload-dirs = ( "${folder}" )
server.errorlog = "${folder}/error.log"
server.bind = "127.0.0.1"
server.port = ${port}
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => ${upstream} ) ) )
${more}
`,
      )
      return launch({ program, args: ['-D', '-f', config], port, folder })
    },
  }
}
