// A run from outside: the probes one after the other, and what they mean. Nothing is retried, and never
// are two requests under way at a time.

import { DoctorError } from './errors.js'
import type { ProbeName } from './facts/facts.js'
import { endingOf, factsOf, softwareOf } from './facts/of-seen.js'
import { type DoctorOptions, readOptions, type Settings } from './options.js'
import { connectError } from './probes/connect-error.js'
import { exchangeDesync } from './probes/desync.js'
import { exchangeHttp2 } from './probes/http2.js'
import { refusedLate } from './probes/late-alert.js'
import { acceptsPlan, getHead, plansFor, uploadHead } from './probes/plans.js'
import { lookAtTls, type Secure, speaksTls } from './probes/secure.js'
import { readTarget, type Target } from './probes/target.js'
import { isWell, probeReport, type Report } from './report/report.js'
import { outside } from './rules/index.js'
import { judge } from './rules/judge.js'
import { tell } from './tell.js'
import { exchange, type Plan } from './wire/exchange.js'
import { type Patience, patienceOf } from './wire/patience.js'
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
  readonly #patience: Patience
  #secure: Secure | undefined

  constructor(
    private readonly target: Target,
    private readonly settings: Settings,
  ) {
    this.#patience = patienceOf(settings.timeoutMs)
  }

  async report(): Promise<Report> {
    const { target, settings } = this
    await this.#connect()
    await this.#ask()
    const seen = this.#seen
    const facts = factsOf(seen, settings.contentBytes, this.#secure)
    const software = softwareOf(seen)
    const findings = judge(outside, facts, software)
    return {
      version: 1,
      mode: 'outside',
      target: `${settings.method} ${target.origin}${target.target}`,
      requests: seen.length + seen.filter(({ next }) => next !== undefined).length,
      ms: Math.round(performance.now() - this.#begun),
      software,
      findings,
      facts,
      probes: seen.map(probeReport),
      well: isWell(findings),
    }
  }

  /** TLS, where there is one, before anything is sent. */
  async #connect(): Promise<void> {
    const { target, settings } = this
    settings.signal?.throwIfAborted()
    if (!target.address.secure) return
    const look = lookAtTls(target.address, settings.timeoutMs, settings.signal)
    this.#secure = await look.catch((error: unknown) => {
      settings.signal?.throwIfAborted()
      throw connectError(error, target)
    })
    const { untrusted } = this.#secure
    if (untrusted === undefined || settings.insecure) return
    const text = `The certificate of ${target.address.host} is not trusted (${untrusted}). To look all the same: --insecure`
    throw new DoctorError('certificate_untrusted', text)
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
    // Whoever takes uploads at any address would take those that follow as well.
    if (endingOf(asked) === 'accepted') return
    const accepts = acceptsPlan({ target, settings })
    const { plain, blind, unknown, loose, http10, get, huge } = plans
    for (const plan of [plain, blind, unknown, loose, http10, huge]) await this.#probe(plan)
    // With everything asked for, it would be the fifteenth.
    const all = accepts !== undefined && settings.desync && this.#secure?.alpn === 'h2'
    if (!all) await this.#probe(get)
    await this.#http2()
    if (accepts !== undefined) await this.#probe(accepts)
    await this.#desync()
  }

  #probe(plan: Plan): Promise<Seen> {
    const { address } = this.target
    const { signal } = this.settings
    return this.#make(plan.probe, () => exchange(address, plan, this.#patience, signal))
  }

  async #http2(): Promise<void> {
    const { target, settings } = this
    if (this.#secure?.alpn !== 'h2') return
    const head = { ...uploadHead({ target, settings }), expect: '100-continue' }
    const { address } = target
    await this.#make('http2', () => exchangeHttp2(address, head, this.#patience, settings.signal))
  }

  async #desync(): Promise<void> {
    const { target, settings } = this
    if (!settings.desync) return
    const upload = { ...uploadHead({ target, settings }), expect: '100-continue' }
    const get = getHead({ target, settings })
    const { signal } = settings
    await this.#make('desync', () =>
      exchangeDesync(target.address, { upload, get }, this.#patience, signal),
    )
  }

  async #make(name: ProbeName, ask: () => Promise<Seen>): Promise<Seen> {
    const { signal, onProbe } = this.settings
    signal?.throwIfAborted()
    tell(onProbe, name)
    const seen = await ask().catch((error: unknown) => {
      signal?.throwIfAborted()
      throw connectError(error, this.target)
    })
    signal?.throwIfAborted()
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
