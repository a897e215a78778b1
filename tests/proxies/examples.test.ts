// The examples behind proxies as people start them: one command, uploads through the proxy, Ctrl-C.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'
import { curlUpload } from '../support/curl-upload.js'
import { freePort } from '../support/free-port.js'
import { within } from '../support/server.js'
import { testBehind } from './proxy-test.js'

jest.setTimeout(60_000)

function temporary(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), name))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Started {
  readonly ports: readonly [number, number]
  readonly temporaryFiles: string
  readonly output: () => string
  interrupt(): Promise<number | null>
}

async function start(example: string, ...words: readonly string[]): Promise<Started> {
  const directory = path.resolve(__dirname, '../../examples', example)
  const ports = [await freePort(), await freePort()] as const
  const temporaryFiles = temporary('expectation-behind-')
  // Workers of a proxy that root starts are somebody else, and pass through here.
  chmodSync(temporaryFiles, 0o755)
  const child = spawn(process.execPath, ['start.mjs', ...words], {
    cwd: directory,
    env: {
      ...process.env,
      PORT: String(ports[0]),
      APP_PORT: String(ports[1]),
      TMPDIR: temporaryFiles,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = once(child, 'exit')
  const ready = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += String(chunk)
      if (output.includes('Ctrl-C')) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => reject(new Error(`${example} ended early:\n${output}`)))
  })
  const interrupt = async (): Promise<number | null> => {
    child.kill('SIGINT')
    const [code] = await within('the end of the example', exited, 15_000)
    return code
  }
  afterThisTest(async () => {
    if (child.exitCode === null) await interrupt()
  })
  await within('the example to start', ready, 20_000)
  return { ports, temporaryFiles, output: () => output, interrupt }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

const TOKEN = 'Authorization: Bearer demo-token'
const VIDEO = 'Content-Type: video/mp4'

interface Example {
  readonly program: 'nginx' | 'apache' | 'haproxy'
  readonly words: readonly string[]
}

const examples: readonly Example[] = [
  { program: 'nginx', words: ['express'] },
  { program: 'nginx', words: ['branded', 'koa'] },
  { program: 'apache', words: ['koa'] },
  { program: 'apache', words: ['branded', 'fastify'] },
  { program: 'haproxy', words: ['fastify'] },
]

for (const { program, words } of examples) {
  const example = `behind-${program}`
  testBehind(program)(
    `${example} ${words.join(' ')}: takes, refuses, and stops cleanly`,
    async () => {
      const file = path.join(temporary('expectation-file-'), 'clip.mp4')
      writeFileSync(file, Buffer.alloc(3_000_000))
      const started = await start(example, ...words)
      const url = `http://127.0.0.1:${started.ports[0]}/files/clip.mp4`

      const taken = await curlUpload({ file, url, headers: [TOKEN, VIDEO] })
      expect(taken.status).toBe(201)
      expect(JSON.parse(taken.body)).toMatchObject({ name: 'clip.mp4', bytes: 3_000_000 })

      const refused = await curlUpload({ file, url, headers: [VIDEO, 'Accept: text/html'] })
      expect(refused.status).toBe(401)
      expect(refused.body).toContain('<h1>401 Unauthorized</h1>')
      expect(refused.body.includes('Example Films')).toBe(words.includes('branded'))

      expect(await started.interrupt()).toBe(0)
      for (const port of started.ports) expect(await isOpen(port)).toBe(false)
      expect(readdirSync(started.temporaryFiles)).toEqual([])
    },
  )
}
