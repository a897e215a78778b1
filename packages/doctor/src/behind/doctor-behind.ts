// A run from both ends: the doctor is the client before a proxy and the origin behind it, so what the
// proxy does is seen and not guessed.

import { setTimeout as pause } from 'node:timers/promises'
import { OptionError } from '@expectation/client'
import { DoctorError } from '../errors.js'
import type { Facts, FactValue, ScenarioName } from '../facts/facts.js'
import { factsOf, softwareOf } from '../facts-of-seen.js'
import { type DoctorOptions, readOptions, type Settings } from '../options.js'
import { Inquiry } from '../probes/inquiry.js'
import { refusedLate } from '../probes/late-alert.js'
import { getHead, uploadHead } from '../probes/plans.js'
import { trust } from '../probes/secure.js'
import { readTarget, type Target } from '../probes/target.js'
import { isWell, probeReport, type Report } from '../report/report.js'
import { behind } from '../rules/behind.js'
import { judge } from '../rules/judge.js'
import type { Plan } from '../wire/exchange.js'
import type { RequestHead } from '../wire/head.js'
import type { Seen } from '../wire/seen.js'
import { Origin } from './origin.js'
import { type Behaviour, SCENARIOS, type Scenario } from './scenarios.js'

export interface BehindOptions extends Omit<DoctorOptions, 'accepts' | 'desync' | 'bytes'> {
  /** Where the doctor listens, and the proxy passes requests to: `3000`, or `'0.0.0.0:3000'`. */
  readonly origin: number | string
  /**
   * Content of one upload, in bytes or as `'512kb'`. Default 512 KiB, so that proxies which read ahead and
   * those which wait for the whole can be told apart; from 64 KiB to 8 MiB.
   */
  readonly bytes?: number | string
}

const KNOWN = ['origin', 'method', 'headers', 'bytes', 'insecure', 'timeoutMs', 'signal', 'onProbe']
const READING = { known: KNOWN, contentBytes: 512 * 1024 }
const MOST_TRIES = 3
const RETRY_MS = 1_000
const AFTER: Behaviour = { interim: [], continues: false, reads: 0, status: 200, leaves: 'keep' }

/**
 * Makes uploads through a proxy to an origin of its own, one at a time, and tells what the proxy does with
 * them. The origin listens on 127.0.0.1, unless `origin` names another address, for as long as the run.
 *
 * @param url - of the proxy, which passes what is below the path on to `origin`
 * @throws OptionError - an option or the URL is wrong; nothing was sent
 * @throws DoctorError - the proxy cannot be reached, or passes nothing on to the origin
 */
export async function doctorBehind(url: string | URL, options: BehindOptions): Promise<Report> {
  const settings = readOptions(options, READING)
  const at = readOrigin(options.origin)
  const target = readTarget(url)
  const behaviours = new Map<string, Behaviour>(SCENARIOS.map(({ name, origin }) => [name, origin]))
  behaviours.set('after', AFTER)
  settings.signal?.throwIfAborted()
  const { name } = target
  const { contentBytes } = settings
  const origin = await Origin.listen(at, { name, behaviours, contentBytes })
  try {
    return await new BehindRun(target, settings, origin).report()
  } finally {
    await origin.close()
  }
}

function readOrigin(received: unknown): { host: string; port: number } {
  const text = typeof received === 'number' || typeof received === 'string' ? String(received) : ''
  const match = /^(?:(\[[^\]]+\]|[^:\s]+):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (match === null || port < 1 || port > 65_535) {
    const remedy = "Write a port, 3000, or an address and a port, '0.0.0.0:3000'."
    throw new OptionError({ option: 'origin', received, remedy })
  }
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}

class BehindRun {
  readonly #begun = performance.now()
  readonly #seen: Seen[] = []
  readonly #inquiry: Inquiry

  constructor(
    private readonly target: Target,
    private readonly settings: Settings,
    private readonly origin: Origin,
  ) {
    this.#inquiry = new Inquiry(target, settings)
  }

  async report(): Promise<Report> {
    const { target, settings } = this
    await trust(target, settings)
    await this.#reach()
    for (const scenario of SCENARIOS) {
      if (!this.#inquiry.isGone) this.#seen.push(...(await this.#play(scenario)))
    }
    const facts = this.#facts()
    const software = softwareOf(this.#seen)
    const findings = judge(behind, facts, software)
    return {
      version: 1,
      mode: 'behind',
      target: this.#inquiry.shown(pathOf(target, '…')),
      requests: this.#inquiry.requests,
      ms: Math.round(performance.now() - this.#begun),
      software,
      findings,
      facts,
      probes: this.#seen.map(probeReport),
      well: isWell(findings),
    }
  }

  /** A proxy may have given the origin up while nobody listened there; it is given a moment to look again. */
  async #reach(): Promise<void> {
    const { target, settings, origin } = this
    const head = { ...getHead({ target, settings }), target: pathOf(target, 'after') }
    let answer: number | undefined
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const seen = await this.#inquiry.probe({ probe: 'kept', head, manner: 'paced', asks: false })
      const refused = await refusedLate(seen, target, settings)
      if (refused !== undefined) throw refused
      answer = seen.final?.status
      if (origin.visits.length > 0) {
        origin.visits.length = 0
        return
      }
      await this.#pause(RETRY_MS)
    }
    const said = answer === undefined ? '' : ` It answers ${answer}.`
    const text = `Nothing came through ${target.origin} to the origin.${said} Point the proxy at the origin, and give the path that it passes on.`
    throw new DoctorError('origin_not_reached', text)
  }

  /** Node's own rejects with an error of its own, and has the reason as its cause. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.settings
    const waiting = pause(ms, undefined, signal === undefined ? {} : { signal })
    await waiting.catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
  }

  async #play({ name, asks }: Scenario): Promise<readonly Seen[]> {
    const { target, settings } = this
    const upload = this.#upload(name)
    const head = asks ? { ...upload, expect: '100-continue' } : upload
    const plan: Plan = { probe: name, head, manner: 'paced', asks }
    if (name !== 'kept') return [await this.#inquiry.probe(plan)]
    const get = { ...getHead({ target, settings }), target: pathOf(target, 'after') }
    const seen = await this.#inquiry.probe({ ...plan, followUp: get })
    if (seen.next !== undefined || seen.unconnected !== undefined) return [seen]
    // The proxy has closed towards the client; what it does towards the origin is seen by the next request.
    const after = await this.#inquiry.probe({
      probe: name,
      head: get,
      manner: 'paced',
      asks: false,
    })
    if (after.unconnected !== undefined) return [seen, after]
    const next = after.final === undefined ? 'lost' : 'answered'
    return [{ ...seen, next, nextStatus: after.final?.status }]
  }

  #upload(name: string): RequestHead {
    const { target, settings } = this
    const head = uploadHead({ target, settings })
    // The origin stores nothing.
    const fields = head.fields.filter(([field]) => field !== 'If-Match')
    return { ...head, target: pathOf(target, name), fields }
  }

  #facts(): Facts {
    const facts: Record<string, FactValue> = { ...factsOf(this.#seen, this.settings.contentBytes) }
    const sent = this.#seen.filter(({ unconnected }) => unconnected === undefined)
    for (const { name } of SCENARIOS) {
      const seen = sent.find(({ probe }) => probe === name)
      if (seen !== undefined) Object.assign(facts, this.#originFacts(name), this.#alone(name, seen))
    }
    return facts
  }

  /** What is of interest in one scenario only. */
  #alone(name: ScenarioName, { interim, next }: Seen): Record<string, FactValue> {
    if (name === 'early') {
      return {
        'early.passed': interim.join(' ') || 'none',
        'early.swallowed': [103, 104, 102].some((status) => !interim.includes(status)),
      }
    }
    if (name !== 'kept' || next === undefined) return {}
    const kept = this.origin.visitOf('kept')
    const after = this.origin.visitOf('after')
    const same = after?.connection === kept?.connection
    return { 'kept.nextConnection': after === undefined ? 'none' : same ? 'same' : 'new' }
  }

  #originFacts(name: ScenarioName): Record<string, FactValue> {
    const visit = this.origin.visitOf(name)
    if (visit === undefined) return { [`${name}.reached`]: false }
    return {
      [`${name}.reached`]: true,
      [`${name}.expect`]: visit.expect,
      [`${name}.originTotal`]: visit.contentBytes,
      ...(visit.answeredAtBytes === undefined
        ? {}
        : { [`${name}.originBytes`]: visit.answeredAtBytes }),
    }
  }
}

/** Below the path that was given, where `none` would be. */
function pathOf({ target }: Target, name: string): string {
  return target.replace(/\/none(?=\?|$)/, `/${name}`)
}
