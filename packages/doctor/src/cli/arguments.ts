// The command line, read into a run. What cannot be meant is told with the remedy.

import { parseArgs } from 'node:util'
import type { DoctorOptions } from '../options.js'

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Shown {
  readonly json: boolean
  readonly explain: boolean
}

export type Command =
  | {
      readonly do: 'help'
      /** False: nothing was written at all, which a script does whose variable is empty. */
      readonly asked: boolean
    }
  | (Shown & { readonly do: 'outside'; readonly url: string; readonly options: DoctorOptions })
  | (Shown & {
      readonly do: 'behind'
      readonly url: string
      readonly origin: string
      readonly options: DoctorOptions
    })

export const usage = `Usage: doctor URL [options]
       doctor --behind PROXY --origin PORT [options]

Tells what a server, and everything before it, does with an upload: at most 14
requests, 6 MB in all without --bytes, one at a time, to an address that
nobody has made.

  --accepts 'PUT /path'    also upload once to a route that may be written to
  --header 'Name: value'   a field of every request; may be given several times
  --method POST            instead of PUT
  --bytes 256kb            content of one upload; from 64kb to 8mb
  --timeout 5              seconds to wait for a connection, and for an answer
  --insecure               look also when the certificate is not trusted
  --desync                 also send a request in the place of owed content: it
                           may disturb others, so only against your own systems

  --behind URL             a proxy that passes requests on to the doctor itself
  --origin PORT            where the doctor listens then: 3000, or 0.0.0.0:3000

  --json                   the report for programs
  --explain                the bytes of every request and answer
  --help                   this text

Exit code: 0 all is well, 1 there is something to change, 2 it could not run.`

export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args)
  const [url, ...rest] = positionals
  if (values.help === true || url === 'help') return { do: 'help', asked: true }
  if (args.length === 0) return { do: 'help', asked: false }
  const shown = { json: values.json === true, explain: values.explain === true }
  const options = optionsOf(values)
  if (values.behind !== undefined || values.origin !== undefined) {
    if (values.behind === undefined || values.origin === undefined || url !== undefined) {
      throw new UsageError(
        '--behind and --origin belong together: doctor --behind http://proxy:8080 --origin 3000.',
      )
    }
    for (const flag of ['accepts', 'desync'] as const) {
      if (values[flag] !== undefined) throw new UsageError(`--${flag} is of no use with --behind.`)
    }
    return { do: 'behind', url: values.behind, origin: values.origin, ...shown, options }
  }
  if (url === undefined)
    throw new UsageError('Which server? Write: doctor https://api.example.com/uploads.')
  if (rest.length > 0) throw new UsageError(`One address at a time, not also ${rest.join(' ')}.`)
  return { do: 'outside', url, ...shown, options }
}

function optionsOf(values: ReturnType<typeof parsed>['values']): DoctorOptions {
  const { method, bytes, accepts, header, insecure, desync, timeout } = values
  return {
    ...(method === undefined ? {} : { method }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(accepts === undefined ? {} : { accepts }),
    ...(header === undefined ? {} : { headers: header.map(fieldOf) }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(desync === undefined ? {} : { desync }),
    ...(timeout === undefined ? {} : { timeoutMs: millisecondsOf(timeout) }),
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        accepts: { type: 'string' },
        header: { type: 'string', short: 'H', multiple: true },
        method: { type: 'string', short: 'X' },
        bytes: { type: 'string' },
        timeout: { type: 'string' },
        insecure: { type: 'boolean', short: 'k' },
        desync: { type: 'boolean' },
        behind: { type: 'string' },
        origin: { type: 'string' },
        json: { type: 'boolean' },
        explain: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    // Node's own sentence, without its advice for who passes such a thing on.
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message.split('. ')[0]?.replace(/\.$/, '')}.`)
  }
}

function fieldOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  // What was written may be a secret, so it is not repeated.
  if (colon < 1) throw new UsageError("--header: write 'Name: value'.")
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}

function millisecondsOf(seconds: string): number {
  const ms = Math.round(Number(seconds) * 1_000)
  if (!/^\d+(?:\.\d+)?$/.test(seconds) || ms < 100 || ms > 60_000) {
    throw new UsageError(`--timeout cannot be '${seconds}'. Write seconds, from 0.1 to 60.`)
  }
  return ms
}
