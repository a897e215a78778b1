// What the surroundings may change, read once and checked before anything listens.
// A wrong value stops the start with a sentence that says what to write instead.

import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Settings {
  readonly host: string
  readonly port: number
  readonly token: string
  readonly uploadDirectory: string
  /** Whether the service shows one refused and one accepted upload after it started. */
  readonly demo: boolean
}

export class SettingError extends Error {
  override readonly name = 'SettingError'
}

// RFC 6750, section 2.1: the only characters a bearer token may have. It also keeps the printed
// command lines safe to paste.
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  return {
    // The page hands its token to everybody who opens it, so only this machine may, unless asked.
    host: environment.HOST || '127.0.0.1',
    port: readPort(environment.PORT),
    token: readToken(environment.UPLOAD_TOKEN),
    uploadDirectory: environment.UPLOAD_DIR || join(tmpdir(), 'expectation-uploads'),
    demo: environment.DEMO !== '0',
  }
}

function readPort(value: string | undefined): number {
  if (value === undefined || value === '') return 3000
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new SettingError(`PORT is '${value}': give a number from 0 to 65535, such as PORT=3001.`)
}

function readToken(value: string | undefined): string {
  if (value === undefined || value === '') return 'demo-token'
  if (BEARER_TOKEN.test(value)) return value
  throw new SettingError('UPLOAD_TOKEN may hold letters, digits and . _ ~ + / - only.')
}
