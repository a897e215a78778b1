// From the words of the command line to what is to be done, or to a sentence about what is wrong.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Level, ROLES } from '../cases/case.js'
import { type Route, type Routes, RoutesError, readRoute, readRoutes } from '../run/routes.js'

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

interface Common {
  readonly url: string
  readonly routes: Routes
  readonly json: boolean
}

export type Command =
  | { readonly do: 'help' }
  | { readonly do: 'list'; readonly only: readonly string[] }
  | (Common & {
      readonly do: 'run'
      readonly only: readonly string[]
      readonly levels: readonly Level[]
      readonly http1: boolean
      readonly http2: boolean
      readonly concurrency: number
      readonly junit: string | undefined
    })
  | (Common & { readonly do: 'generate'; readonly exchanges: number; readonly seed: number })

export const usage = `conformance <url> --routes routes.json

Asks an HTTP server over raw connections how it answers Expect: 100-continue, and early.

  --routes <file>       which route plays which role, as JSON
  --<role> <route>      one of them: --reads "POST /upload" --limit "POST /upload 1000"
  --only <text>         only cases whose id contains it, or whose area or level it is; repeatable
  --level <level>       fail on: must, should (and must), hardening (and both; the default)
  --protocol <version>  1.1 (the default), 2, or both
  --concurrency <n>     cases at a time (12)
  --json                the whole report as JSON on standard output
  --junit <file>        a JUnit report beside it
  --generate <n>        n generated exchanges instead of the cases
  --seed <n>            the seed of the generator, to see a failure again
  --list                the cases, without running them
  --help                this text

Roles: ${ROLES.join(', ')}
Exit code: 0 nothing that counts failed, 1 something did, 2 the run could not begin, or tested nothing.`

const levels: Readonly<Record<string, readonly Level[]>> = {
  must: ['MUST'],
  should: ['MUST', 'SHOULD'],
  hardening: ['MUST', 'SHOULD', 'hardening'],
}

/** @throws UsageError, RoutesError */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args)
  const only = values.only ?? []
  if (values.help) return { do: 'help' }
  refuseUnused(values)
  if (values.list) return { do: 'list', only }
  const [url, ...more] = positionals
  if (url === undefined)
    throw new UsageError('Which server? conformance http://127.0.0.1:8080 (--help)')
  if (more.length > 0) throw new UsageError(`One server at a time, not also ${more.join(' ')}`)
  const common = { url, routes: routesOf(values), json: values.json === true }
  if (values.generate !== undefined) {
    const seed = values.seed === undefined ? Date.now() % 1e9 : whole('--seed', values.seed, 0)
    return { do: 'generate', ...common, exchanges: whole('--generate', values.generate, 1), seed }
  }
  const { level = 'hardening', protocol = '1.1', concurrency = '12' } = values
  const chosen = levels[level.toLowerCase()]
  if (chosen === undefined) {
    throw new UsageError(`--level is must, should or hardening, not ${JSON.stringify(level)}`)
  }
  if (!['1.1', '2', 'both'].includes(protocol)) {
    throw new UsageError(`--protocol is 1.1, 2 or both, not ${JSON.stringify(protocol)}`)
  }
  return {
    do: 'run',
    ...common,
    only,
    levels: chosen,
    http1: protocol !== '2',
    http2: protocol !== '1.1',
    concurrency: whole('--concurrency', concurrency, 1),
    junit: values.junit,
  }
}

const flags = {
  routes: { type: 'string' },
  only: { type: 'string', multiple: true },
  level: { type: 'string' },
  protocol: { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'string' },
  generate: { type: 'string' },
  seed: { type: 'string' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const roleFlags: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  ROLES.map((role) => [role, { type: 'string' } as const]),
)

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...roleFlags, ...flags },
      allowPositionals: true,
    })
  } catch (error) {
    // Node's own sentence, without its advice for who passes such a thing on.
    const message = error instanceof Error ? error.message : String(error)
    const [sentence = ''] = message.split(/\.(?:\s|$)/)
    const told = sentence.replace(
      /(?: <value>)?' argument (?:missing|is ambiguous)$/,
      "' needs a value",
    )
    throw new UsageError(`${told} (--help)`)
  }
}

/** What would be without effect is told, and not left out in silence. */
function refuseUnused(values: ReturnType<typeof parsed>['values']): void {
  const unused = (beside: string, names: readonly (keyof typeof flags)[]): void => {
    const name = names.find((each) => values[each] !== undefined)
    if (name !== undefined) throw new UsageError(`--${name} has no effect ${beside} (--help)`)
  }
  if (values.list) unused('beside --list', ['json', 'junit', 'generate', 'seed'])
  else if (values.generate === undefined) unused('without --generate', ['seed'])
  else unused('beside --generate', ['only', 'level', 'protocol', 'concurrency', 'junit'])
}

function routesOf(values: Readonly<Record<string, unknown>>): Routes {
  const fromFlags: Record<string, Route> = {}
  for (const role of ROLES) {
    const given = values[role]
    if (given !== undefined) fromFlags[role] = readRoute(role, given)
  }
  const file = values.routes
  const fromFile = typeof file === 'string' ? readRoutes(readJson(file)) : {}
  return readRoutes({ ...fromFile, ...fromFlags })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const shown = error instanceof Error ? error.message : String(error)
    throw new RoutesError(`The routes in ${file} cannot be read: ${shown}`)
  }
}

function whole(flag: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
  throw new UsageError(`${flag} is a whole number from ${least} to 999999999, not ${text}`)
}
