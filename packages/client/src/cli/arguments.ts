// The command line, read into an upload. What cannot be meant is told with the remedy.
import { parseArgs } from 'node:util'

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface PutCommand {
  readonly do: 'put'
  /** `-` is the standard input. */
  readonly file: string
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly attempts: number | undefined
  readonly timeoutMs: number | undefined
  readonly expect: 'auto' | boolean
  readonly quiet: boolean
  readonly json: boolean
}

/** `asked`: else there was no argument at all, and that is wrong use. */
export type Command = { readonly do: 'help'; readonly asked: boolean } | PutCommand

export const usage = `Usage: client put FILE URL [options]

Uploads FILE (- is the standard input), and prints the body of the answer.

  --header 'Name: value'   a header field; may be given several times
  --method POST            instead of PUT
  --retry 3                how often to try again (4 by default, 0 is never)
  --timeout 60             seconds for all of it (none by default)
  --expect, --no-expect    ask always, or never, before sending (from 64 KiB on by default)
  --quiet                  no progress and no summary
  --json                   the report as JSON on the standard output, in place of the body

Exit code: 0 answered with 2xx, 1 with anything else, 2 wrong use, 3 no whole answer.`

export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args)
  const [command, file, url, ...rest] = positionals
  if (values.help === true || command === 'help') return { do: 'help', asked: true }
  if (args.length === 0) return { do: 'help', asked: false }
  if (command !== 'put') throw new UsageError(`'${command}' is not a command. There is: put`)
  if (file === undefined || url === undefined || rest.length > 0) {
    throw new UsageError('Write: client put FILE URL')
  }
  if (values.expect === true && values['no-expect'] === true) {
    throw new UsageError('Write --expect or --no-expect, not both')
  }
  const retry = countOf('retry', values.retry)
  const timeout = countOf('timeout', values.timeout)
  return {
    do: 'put',
    file,
    url,
    method: values.method ?? 'PUT',
    headers: (values.header ?? []).map(fieldOf),
    attempts: retry === undefined ? undefined : retry + 1,
    timeoutMs: timeout === undefined ? undefined : timeout * 1_000,
    expect: values.expect === true ? true : values['no-expect'] !== true && 'auto',
    quiet: values.quiet === true,
    json: values.json === true,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        header: { type: 'string', short: 'H', multiple: true },
        method: { type: 'string', short: 'X' },
        retry: { type: 'string' },
        timeout: { type: 'string' },
        expect: { type: 'boolean' },
        'no-expect': { type: 'boolean' },
        quiet: { type: 'boolean', short: 'q' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function fieldOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new UsageError(`--header '${text}': write 'Name: value'`)
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}

function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new UsageError(`--${name} ${text}: write a whole number`)
}
