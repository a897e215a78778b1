// What `npm start` in an example does: the service, a proxy in front of it, and a clean end.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './child.js'
import { installedVersion, type ProgramName, programs } from './programs.js'
import { listening, startProxy } from './proxy.js'

const SERVICES = ['express', 'koa', 'fastify'] as const

export interface BehindOptions {
  readonly program: ProgramName
  /** The directory of the example. */
  readonly directory: string
  /** Names that may be given on the command line, and their files; the first is the default. */
  readonly configs: Readonly<Record<string, string>>
  /** Words of the command line: a service, a configuration, both or nothing. */
  readonly words: readonly string[]
}

export async function runBehind(options: BehindOptions): Promise<void> {
  const { program, directory, configs, words } = options
  const service = SERVICES.find((name) => words.includes(name)) ?? 'express'
  const choice = Object.keys(configs).find((name) => words.includes(name))
  const file = choice === undefined ? Object.values(configs)[0] : configs[choice]
  const known: readonly string[] = [...SERVICES, ...Object.keys(configs)]
  const unknown = words.find((word) => !known.includes(word))
  if (unknown !== undefined) throw new Error(`'${unknown}' is none of: ${known.join(', ')}`)
  if (file === undefined) throw new Error('The example has no configuration.')
  const version = installedVersion(program)
  if (version === undefined) {
    const { command, debianPackage } = programs[program]
    throw new Error(`${command} is not installed. On Debian: apt-get install ${debianPackage}`)
  }

  const port = Number(process.env.PORT ?? 8080)
  const appPort = Number(process.env.APP_PORT ?? 3000)
  const uploads = await mkdtemp(join(tmpdir(), 'behind-uploads-'))
  const app = startChild(
    process.execPath,
    [join(directory, '..', `${service}-uploads`, 'dist/main.js')],
    {
      cwd: uploads,
      env: { ...process.env, PORT: String(appPort), UPLOAD_DIR: uploads, DEMO: '0' },
      // The service greets with its own address; here people should come through the proxy.
      onOutput: (text) => process.stdout.write(text.includes('open http') ? '' : text),
    },
  )
  const stopApp = async (): Promise<void> => {
    await app.stop()
    await rm(uploads, { recursive: true, force: true })
  }
  try {
    await listening(appPort, app.hasEnded)
  } catch (error) {
    await stopApp()
    throw new Error(`The service did not start:\n${app.output()}`, { cause: error })
  }
  try {
    const config = await readFile(join(directory, file), 'utf8')
    const proxy = await startProxy({ program, config, port, appPort })
    console.log(welcome(`${program} ${version}, ${file}`, service, port, appPort))
    await Promise.race([interrupted(), proxy.ended, app.ended])
    if (!stopping) process.exitCode = 1
    await proxy.stop()
  } finally {
    await stopApp()
  }
}

let stopping = false

/** Further signals change nothing: the end is bounded. npm passes each Ctrl-C on once more. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      stopping = true
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

function welcome(proxy: string, service: string, port: number, appPort: number): string {
  const origin = `http://127.0.0.1:${port}`
  return [
    '',
    `${proxy}, in front of the ${service} service on port ${appPort}: open ${origin}/`,
    '',
    '  head -c 20000000 /dev/urandom > clip.mp4',
    '  # Refused for want of a token; -v shows who answers, and the last line the bytes sent',
    `  curl -v -T clip.mp4 -H 'Content-Type: video/mp4' ${origin}/files/clip.mp4 -w '\\n%{http_code} %{size_upload}\\n'`,
    '  # The same as a person sees it',
    `  curl -T clip.mp4 -H 'Accept: text/html' -H 'Content-Type: video/mp4' ${origin}/files/clip.mp4`,
    '',
    'Ctrl-C stops both.',
    '',
  ].join('\n')
}
