// What the two runs share on the command line, and the Node line that they prove: servers, and the
// reading of bytes that they are judged by, run on the same one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../../scripts/workspace.mjs'

const INTEGRATIONS = ['bare', 'express', 'koa', 'fastify']

/** @param defaults - { exchanges, modes } of the short form */
export function readCommand(args, defaults) {
  const { values } = parseArgs({
    args,
    options: {
      /** Requests sent to each server. */
      exchanges: { type: 'string', default: String(defaults.exchanges) },
      /** Ends a run that has taken so long, whatever it has sent by then. */
      minutes: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '20261127' },
      /** The first connection: a later run goes on where an earlier one stopped. */
      from: { type: 'string', default: '0' },
      only: { type: 'string', default: INTEGRATIONS.join() },
      modes: { type: 'string', default: defaults.modes.join() },
      /** 22, 24 or 26: this line of Node instead of the one that runs. */
      node: { type: 'string' },
      /** Leaves out connections whose bytes match, to look behind a fault that is known. */
      avoid: { type: 'string' },
      /** Failures are shown as they were found. */
      'no-shrink': { type: 'boolean', default: false },
      /** Puts the figures into docs/no-harm.md. */
      write: { type: 'boolean', default: false },
    },
  })
  onLine(values.node)
  return {
    exchanges: whole('exchanges', values.exchanges, 1),
    minutes: Number(values.minutes),
    seed: whole('seed', values.seed, 0),
    from: whole('from', values.from, 0),
    integrations: known('only', values.only.split(','), INTEGRATIONS),
    modes: known('modes', values.modes.split(','), ['attached', 'gated']),
    avoid: values.avoid === undefined ? undefined : new RegExp(values.avoid),
    shrinking: !values['no-shrink'],
    write: values.write,
  }
}

/** The same command on another line of Node; ends this process with its exit code. */
export function onLine(line) {
  const binary = binaryOf(line)
  if (binary === process.execPath) return
  const { status } = spawnSync(binary, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(status ?? 1)
}

/** The Node of a line: the one that runs where it is of that line, or where no line is named. */
export function binaryOf(line) {
  if (line === undefined || process.version.startsWith(`v${line}.`)) return process.execPath
  const binary = path.join(root, `tests/node_modules/node${line}/bin/node`)
  if (!existsSync(binary)) throw new RangeError(`--node: no Node ${line} is installed here`)
  return binary
}

function whole(name, text, least) {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw new RangeError(`--${name}: ${text} is not a whole number of at least ${least}`)
}

function known(name, given, all) {
  const strange = given.filter((each) => !all.includes(each))
  if (strange.length === 0) return given
  throw new RangeError(`--${name}: ${strange.join()} is none of ${all.join()}`)
}
