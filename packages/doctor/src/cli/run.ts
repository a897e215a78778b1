// One run of the command: a line that tells what is asked meanwhile, on a terminal only, and the report.

import { doctorBehind } from '../behind/doctor-behind.js'
import { doctor } from '../doctor.js'
import type { Report } from '../report/report.js'
import { reportText } from '../report/text.js'
import type { Command, Shown } from './arguments.js'

const NARROWEST = 40
const WIDEST = 100
/** What a pipe is given, and a terminal that does not tell. */
const USUAL = 80

export async function run(command: Exclude<Command, { do: 'help' }>): Promise<number> {
  const progress = progressLine()
  // Ctrl-C ends the run; the connections that are open go with it.
  const leaving = new AbortController()
  const leave = (): void => leaving.abort()
  process.once('SIGINT', leave)
  try {
    const { url, options } = command
    const all = { ...options, signal: leaving.signal, onProbe: progress.draw }
    const report =
      command.do === 'outside'
        ? await doctor(url, all)
        : await doctorBehind(url, { ...all, origin: command.origin })
    progress.clear()
    console.log(shown(report, command))
    return report.well ? 0 : 1
  } catch (error) {
    progress.clear()
    if (leaving.signal.aborted) return 2
    throw error
  } finally {
    process.removeListener('SIGINT', leave)
  }
}

function shown(report: Report, { json, explain }: Shown): string {
  if (json) return JSON.stringify(explain ? report : withoutBytes(report), null, 2)
  const { columns = USUAL } = process.stdout
  return reportText(report, {
    columns: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    colour: isColoured(process.env, process.stdout.isTTY === true),
    explain,
  })
}

function withoutBytes(report: Report): Report {
  return { ...report, probes: report.probes.map((probe) => ({ ...probe, transcript: [] })) }
}

/** As https://no-color.org and Node's own `FORCE_COLOR` have it. */
function isColoured(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return isTerminal && env.TERM !== 'dumb'
}

function progressLine(): { draw(name: string): void; clear(): void } {
  if (process.stderr.isTTY !== true || process.env.TERM === 'dumb')
    return { draw: () => undefined, clear: () => undefined }
  return {
    draw: (name) => void process.stderr.write(`\r\u001b[K${name} …`),
    clear: () => void process.stderr.write('\r\u001b[K'),
  }
}
