// A run from outside: the probes one after the other, and what they mean. Nothing is retried, and never
// are two requests under way at a time.

import { DoctorError } from './errors.js'
import { factsOf, isStored, softwareOf } from './facts-of-seen.js'
import { type DoctorOptions, readOptions, type Settings } from './options.js'
import { exchangeDesync } from './probes/desync.js'
import { exchangeHttp2 } from './probes/http2.js'
import { Inquiry } from './probes/inquiry.js'
import { refusedLate } from './probes/late-alert.js'
import { acceptsPlan, getHead, type Plans, plansFor, uploadHead } from './probes/plans.js'
import { type Secure, speaksTls, trust } from './probes/secure.js'
import { readTarget, type Target } from './probes/target.js'
import { isWell, probeReport, type Report } from './report/report.js'
import { outside } from './rules/index.js'
import { judge } from './rules/judge.js'
import type { Plan } from './wire/exchange.js'
import type { Seen } from './wire/seen.js'

/**
 * Asks a server what it does with uploads, and tells what that means: at most 14 requests, one at a time,
 * to an address that nobody has made, so that they are refused. All content that was announced is sent
 * when a connection is kept.
 *
 * @param url - `http:` or `https:`; the requests go below its path
 * @returns the report, whatever the server does
 * @throws OptionError - an option or the URL is wrong; nothing was sent
 * @throws DoctorError - nobody is there, or it is not what the URL says
 */
export async function doctor(url: string | URL, options: DoctorOptions = {}): Promise<Report> {
  const settings = readOptions(options)
  const target = readTarget(url)
  return new Run(target, settings).report()
}

class Run {
  readonly #begun = performance.now()
  readonly #seen: Seen[] = []
  readonly #inquiry: Inquiry
  #secure: Secure | undefined

  constructor(
    private readonly target: Target,
    private readonly settings: Settings,
  ) {
    this.#inquiry = new Inquiry(target, settings)
  }

  async report(): Promise<Report> {
    const { target, settings } = this
    this.#secure = await trust(target, settings)
    await this.#ask()
    const seen = this.#seen
    const facts = factsOf(seen, settings.contentBytes, this.#secure)
    const software = softwareOf(seen)
    const findings = judge(outside, facts, software)
    return {
      version: 1,
      mode: 'outside',
      target: this.#inquiry.shown(target.target),
      requests: this.#inquiry.requests,
      ms: Math.round(performance.now() - this.#begun),
      software,
      findings,
      facts,
      probes: seen.map(probeReport),
      well: isWell(findings),
    }
  }

  async #ask(): Promise<void> {
    const { target, settings } = this
    const plans = plansFor({ target, settings })
    const first = await this.#probe(plans.options)
    const refused = await refusedLate(first, target, settings)
    if (refused !== undefined) throw refused
    await this.#isHttp()
    const asked = await this.#probe(plans.asked)
    this.#isAnswered()
    if (isStored(asked)) return
    for (const step of this.#steps(plans)) {
      // Whoever takes one upload at an address that nobody has made may take those that follow as well.
      if (isStored(await step()) || this.#inquiry.isGone) return
    }
  }

  /** What is asked of a server that can be spoken to, in its order. */
  #steps(plans: Plans): readonly (() => Promise<Seen>)[] {
    const { target, settings } = this
    const { plain, blind, unknown, loose, http10, get, huge } = plans
    const h2 = this.#secure?.alpn === 'h2'
    const accepts = acceptsPlan({ target, settings })
    // With everything asked for, it would be the fifteenth.
    const all = accepts !== undefined && settings.desync && h2
    const uploads = [plain, blind, unknown, loose, http10, huge]
    const before = [...uploads, ...(all ? [] : [get])].map((plan) => () => this.#probe(plan))
    return [
      ...before,
      ...(h2 ? [() => this.#http2()] : []),
      ...(accepts === undefined ? [] : [() => this.#probe(accepts)]),
      ...(settings.desync ? [() => this.#desync()] : []),
    ]
  }

  async #probe(plan: Plan): Promise<Seen> {
    return this.#keep(await this.#inquiry.probe(plan))
  }

  async #http2(): Promise<Seen> {
    const { target, settings } = this
    const { patience } = this.#inquiry
    const head = { ...uploadHead({ target, settings }), expect: '100-continue' }
    const ask = () => exchangeHttp2(target.address, head, patience, settings.signal)
    return this.#keep(await this.#inquiry.make('http2', head, ask))
  }

  async #desync(): Promise<Seen> {
    const { target, settings } = this
    const { patience } = this.#inquiry
    const upload = { ...uploadHead({ target, settings }), expect: '100-continue' }
    const get = getHead({ target, settings })
    const ask = () => exchangeDesync(target.address, { upload, get }, patience, settings.signal)
    return this.#keep(await this.#inquiry.make('desync', upload, ask))
  }

  #keep(seen: Seen): Seen {
    this.#seen.push(seen)
    return seen
  }

  /** The first answer decides whether this is a server that can be spoken to. */
  async #isHttp(): Promise<void> {
    const { address, origin } = this.target
    const [first] = this.#seen
    const at = `${address.host} port ${address.port}`
    const refusesPlain = first?.final?.status === 400 && /https|ssl|tls/i.test(first.final.body)
    const saidNothing = first?.final === undefined && first?.after === 'cut'
    if (!address.secure && (refusesPlain || saidNothing || first?.malformed !== undefined)) {
      if (await speaksTls(address, this.settings.timeoutMs, this.settings.signal)) {
        const text = `${at} speaks TLS. Write ${origin.replace('http:', 'https:')} instead.`
        throw new DoctorError('tls_expected', text)
      }
    }
    const malformed = first?.malformed ?? ''
    if (/^not a (?:response|status line)/.test(malformed)) {
      throw new DoctorError(
        'not_http',
        `${at} does not speak HTTP/1.1 (${malformed.slice(0, 60)}).`,
      )
    }
  }

  #isAnswered(): void {
    const { address } = this.target
    if (this.#seen.some(({ final, malformed }) => final !== undefined || malformed !== undefined)) {
      return
    }
    const at = `${address.host} port ${address.port}`
    if (this.#seen.every(({ after }) => after === 'cut')) {
      throw new DoctorError(
        'not_http',
        `${at} accepts connections and ends them without an answer.`,
      )
    }
    const seconds = this.settings.timeoutMs / 1_000
    const interim = [...new Set(this.#seen.flatMap((each) => each.interim))]
    const only = interim.length === 0 ? '' : `, but for ${interim.slice(0, 5).join(', ')},`
    const begun = this.#seen.some(({ unfinished }) => unfinished)
    const does = begun ? 'does not end its answer' : 'does not answer'
    const text = `${at} accepts connections and ${does}${only} within ${seconds} s. A longer wait: --timeout 20`
    throw new DoctorError('timed_out', text)
  }
}
