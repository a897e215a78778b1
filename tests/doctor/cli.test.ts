// `npx @expectation/doctor URL`: what people and programs see of it, and how it ends.
import { spawnSync } from 'node:child_process'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { attach } from '@expectation/core/node'
import { reportSchema } from '@expectation/doctor'
import Ajv2020 from 'ajv/dist/2020.js'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { freePort } from '../support/free-port.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { command, doctorCommand } from './command.js'
import { onTerminal } from './terminal.js'

jest.setTimeout(60_000)

const refusing: http.RequestListener = (_request, response) => {
  response.writeHead(404, { 'Set-Cookie': 'id=hidden', 'X-Bell': 'a\u009bb' }).end('no')
}
const plain = async (): Promise<string> => (await serve(http.createServer(refusing))).url
const well = async (): Promise<string> => (await serve(attach(http.createServer(refusing), {}))).url
const valid = new Ajv2020().compile(reportSchema)

test('a pipe: 80 columns, no colour, worst first, with cause, remedy and link; exit code 1', async () => {
  const { code, out, told } = await doctorCommand([await plain()])
  expect({ code, told }).toEqual({ code: 1, told: '' })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  const lines = out.split('\n')
  expect(lines[0]).toMatch(
    /^PUT http:\/\/127\.0\.0\.1:\d+\/doctor-[0-9a-f]{8}\/none \(answered with/,
  )
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  const marks = lines.flatMap((line) => /^ {2}([✘!·✓]) /.exec(line)?.[1] ?? [])
  expect(marks.length).toBeGreaterThan(8)
  const order = marks.map((mark) => '✘!·✓'.indexOf(mark))
  expect(order).toEqual([...order].sort())
  const fault = lines.slice(lines.findIndex((line) => line.startsWith('  ✘')))
  expect(fault.join('\n')).toMatch(
    /^ {2}✘ [^[]+\[D506\]\n {6}Cause: [\s\S]+?\n {6}Remedy: [\s\S]+?\n {4}https:\/\/\S+\/docs\/doctor\.md#d506\n/,
  )
  expect(out).toMatch(
    /\n\n\d+ requests, \d+\.\d s\. --json for programs, --explain for the bytes\.\n$/,
  )
})

test('a server that is well: nothing but good news and facts, exit code 0', async () => {
  const { code, out } = await doctorCommand([await well()])
  expect(code).toBe(0)
  expect(out).not.toMatch(/^ {2}[✘!]/m)
  expect(out).not.toMatch(/Remedy:/)
})

const hasPython = spawnSync('python3', ['--version']).status === 0
const testOnTerminal = testWhen(hasPython, 'python3 is not installed')
// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
const COLOURS = /\u001b\[\d+m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: a line that is written over again
const PROGRESS = /\r\u001b\[K[^\r\n]*?(?=\r|[A-Z])/g

for (const [name, env, coloured] of [
  ['with colour', {}, true],
  ['without colour', { NO_COLOR: '1' }, false],
] as const) {
  testOnTerminal(`a terminal of 80 columns, ${name}`, async () => {
    const url = await plain()
    const shown = await onTerminal(80, [process.execPath, command, url], env)
    expect(COLOURS.test(shown)).toBe(coloured)
    expect(shown).toContain('asked …')
    const text = shown.replace(PROGRESS, '').replace(COLOURS, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing else may be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
    expect(text).toMatch(/^PUT http/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
}

test('--json follows its schema; --explain adds the bytes, without secrets', async () => {
  const url = await plain()
  const quiet = await doctorCommand([url, '--json'])
  const report: unknown = JSON.parse(quiet.out)
  expect({ code: quiet.code, valid: valid(report), errors: valid.errors }).toEqual({
    code: 1,
    valid: true,
    errors: null,
  })
  const header = ['--header', 'Authorization: Bearer hidden', '--header', 'X-Api-Key: hidden']
  const told = await doctorCommand([url, '--json', '--explain', ...header])
  const explained = JSON.parse(told.out) as { probes: { transcript: { text: string }[] }[] }
  expect(valid(explained)).toBe(true)
  const bytes = explained.probes.flatMap(({ transcript }) => transcript.map(({ text }) => text))
  expect(bytes.join('\n')).toContain('Expect: 100-continue')
  expect(bytes.join('\n')).toContain('Authorization: ***')
  expect(bytes.join('\n')).toContain('(16384 bytes of content)')
  expect(told.out).not.toContain('hidden')
})

test('--explain shows both ways, and no control character of a server', async () => {
  const { out } = await doctorCommand([await plain(), '--explain'])
  expect(out).toMatch(/^-- asked: PUT \S+ HTTP\/1\.1, \d+ ms$/m)
  expect(out).toMatch(/^ +\d+ > PUT \S+ HTTP\/1\.1$/m)
  expect(out).toMatch(/^ +> Expect: 100-continue$/m)
  expect(out).toMatch(/^ +\d+ < HTTP\/1\.1 100 Continue$/m)
  expect(out).toContain('a\\x9bb')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

const origins: Readonly<Record<string, () => Promise<string>>> = {
  'nobody listens': async () => `http://127.0.0.1:${await freePort()}`,
  'nobody listens, https': async () => `https://127.0.0.1:${await freePort()}`,
  'no such name': async () => 'http://doctor.invalid/',
  'no TLS': async () => (await plain()).replace('http:', 'https:'),
  TLS: async () => (await serve(https.createServer(certificate, refusing))).url,
  'a certificate of its own': async () =>
    (await serve(https.createServer(certificate, refusing))).url.replace('http:', 'https:'),
  silence: async () => (await serve(http.createServer(() => undefined))).url,
  'another protocol': async () => {
    const server = net.createServer((socket) => void socket.end('220 mail.example.com ESMTP\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    afterThisTest(() => void server.close())
    return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
  },
}

const failures: readonly [string, RegExp][] = [
  ['nobody listens', /^doctor: Nobody accepts connections at 127\.0\.0\.1 port \d+\./],
  ['nobody listens, https', /^doctor: Nobody accepts connections at 127\.0\.0\.1 port \d+\./],
  [
    'no such name',
    /^doctor: doctor\.invalid port 80 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)\./,
  ],
  ['no TLS', /^doctor: 127\.0\.0\.1 port \d+ does not speak TLS\. Write http:/],
  ['TLS', /^doctor: 127\.0\.0\.1 port \d+ speaks TLS\. Write https:/],
  [
    'a certificate of its own',
    /^doctor: The certificate of 127\.0\.0\.1 is not trusted .*--insecure/,
  ],
  [
    'silence',
    /^doctor: 127\.0\.0\.1 port \d+ accepts connections and does not answer, but for 100, within 0\.5 s\./,
  ],
  ['another protocol', /^doctor: 127\.0\.0\.1 port \d+ does not speak HTTP\/1\.1 /],
]

test.each(failures)('%s: one clear line, exit code 2', async (name, line) => {
  const url = (await origins[name]?.()) ?? ''
  const { code, out, told } = await doctorCommand([url, '--timeout', '0.5'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(told).toMatch(line)
  expect(told.trimEnd().split('\n')).toHaveLength(1)
})

const uses: readonly [readonly string[], RegExp][] = [
  [['api.example.com'], /url cannot be "api\.example\.com"\. Write the whole address/],
  [['http://a', 'http://b'], /One address at a time/],
  [['http://a', '--jsn'], /Unknown option '--jsn'\. All options: doctor --help/],
  [['http://a', '--bytes', '1kb'], /bytes cannot be "1kb"/],
  [['http://a', '--header', 'secret'], /--header: write 'Name: value'/],
  [['http://a', '--accepts', 'x'], /accepts cannot be "x"/],
  [['http://a', '--timeout', 'long'], /--timeout cannot be 'long'/],
  [['--behind', 'http://a'], /--behind and --origin belong together/],
  [['--behind', 'http://a', '--origin', '0'], /origin cannot be "0"/],
  [['--behind', 'http://a', '--origin', '1', '--desync'], /--desync is of no use with --behind/],
  [['--json'], /Which server\?/],
]

test.each(uses)('wrong use, %j: one clear line, exit code 2', async (args, line) => {
  const { code, out, told } = await doctorCommand(args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(told).toMatch(line)
  expect(told).not.toContain('secret')
  expect(told.trimEnd().split('\n')).toHaveLength(1)
})

test('--help shows what there is, exit code 0', async () => {
  for (const args of [['--help'], ['-h'], ['help'], ['http://a', '--help']]) {
    const { code, out, told } = await doctorCommand(args)
    expect({ code, told }).toEqual({ code: 0, told: '' })
    expect(out).toContain('Exit code: 0 all is well')
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
})

test('no address is not "all is well": a script whose $URL is empty fails, exit code 2', async () => {
  const { out: usage } = await doctorCommand(['--help'])
  expect(await doctorCommand([])).toEqual({ code: 2, out: '', told: usage })
  for (const args of [[''], ['--behind', '', '--origin', '3000']]) {
    const { code, out, told } = await doctorCommand(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(told).toMatch(/^doctor: url cannot be ""\. Write the whole address/)
  }
})
