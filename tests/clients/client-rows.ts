// Programs that ask before they send, and what the caller of each sees: the table of docs/clients.md.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { hasCurl } from '../support/curl-upload.js'

export type Answers = 'json' | 'xml' | 'empty'

export interface Seen {
  readonly status: number
  readonly seen: string
}

export interface ClientRow {
  readonly client: string
  /** What this was last measured with; another version has to do the same. */
  readonly version: string
  readonly command: string
  readonly args: readonly string[]
  readonly available: boolean
  readonly missing: string
  /** What the caller sees of a 413 in the library's own words. */
  readonly refused: Seen
  /** The same for the table, where versions differ. */
  readonly shown?: string
  /** The same with bodies in another form, where that helps. */
  readonly helped?: Seen & { readonly by: Exclude<Answers, 'json'> }
  readonly remark: string
}

const program = (name: string): string => path.join(__dirname, 'programs', name)
const runs = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args).status === 0

const refused = { status: 413, seen: 'content_too_large' } as const
const PYTHON = '/usr/bin/python3'

/** Of `17.0.21` 17 and 21; zeros where there is none. */
function javaVersion(): readonly [feature: number, update: number] {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const [, feature, update] = /version "(\d+)(?:\.\d+\.(\d+))?/.exec(stderr ?? '') ?? []
  return [Number(feature ?? 0), Number(update ?? 0)]
}

const [java, javaUpdate] = javaVersion()
/** Seen to hang: 17.0.15; seen not to: 17.0.21. */
const javaHangs = javaUpdate < 21

export const clientRows: readonly ClientRow[] = [
  {
    client: 'curl',
    version: '7.88.1',
    command: 'curl',
    args: ['-sS', '--noproxy', '*', '-o', '/dev/null', '-w', '{"status":%{http_code},"seen":""}'],
    available: hasCurl,
    missing: 'curl is not installed',
    refused: { status: 413, seen: '' },
    remark: 'Asks by itself from 1 MB on. Shows the body.',
  },
  {
    client: 'Node `http`',
    version: '20.20.2',
    command: process.execPath,
    args: [program('node-http.mjs')],
    available: true,
    missing: '',
    refused,
    remark: 'Asks when told to. Waits for ever, so every server must answer.',
  },
  {
    client: 'AWS SDK for JavaScript v3, `PutObject`',
    version: '3.1169.0',
    command: process.execPath,
    args: [program('aws-s3.mjs')],
    available: true,
    missing: '',
    refused: { status: 413, seen: 'Error' },
    helped: { by: 'xml', status: 413, seen: 'EntityTooLarge' },
    remark: 'Asks by itself and waits six seconds for an answer: it comes at once.',
  },
  {
    client: 'botocore, `put_object`',
    version: '1.29.27',
    command: PYTHON,
    args: [program('botocore_s3.py')],
    available: runs(PYTHON, '-c', 'import botocore'),
    missing: 'python3-botocore is not installed',
    refused: { status: 413, seen: '413' },
    helped: { by: 'xml', status: 413, seen: 'EntityTooLarge' },
    remark: 'Asks by itself and waits one second.',
  },
  {
    client: 'Go `net/http`',
    version: '1.19.8',
    command: 'go',
    args: ['run', program('expect.go')],
    available: runs('go', 'version'),
    missing: 'Go is not installed',
    refused,
    remark: 'Asks when told to; waits one second.',
  },
  {
    client: 'Java 17 `HttpClient`, `expectContinue(true)`',
    version: '17.0.21, 17.0.15',
    command: 'java',
    args: [program('Expect.java')],
    available: java === 17,
    missing: 'Java 17 is not installed',
    refused: javaHangs ? { status: 0, seen: 'TimeoutException' } : { status: 413, seen: 'body' },
    shown: '413; before 17.0.21 no answer, `TimeoutException`',
    helped: { by: 'empty', status: 413, seen: 'empty' },
    remark: 'Older ones hang on any early answer that has content. Give them answers without.',
  },
]
