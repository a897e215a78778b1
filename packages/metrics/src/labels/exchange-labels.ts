// From an outcome to labels of bounded cardinality. The request target is not among them: only the
// application's route says where a request went.

import { catalogue, type Outcome } from '@expectation/core'
import { callUserCode } from '@expectation/core/node'
import type { AdmissionLabels } from '../admission-facts.js'
import type { MetricsOptions } from '../metrics-options.js'
import { BoundedValues, OTHER } from './bounded.js'

/** What both systems label decisions with; `undefined` where there is nothing to tell. */
export interface ExchangeLabels {
  readonly decision: Outcome['decision']
  readonly method: string
  readonly route: string | undefined
  readonly status: number | typeof OTHER | undefined
  readonly reason: string | undefined
}

/** Reasons of the application's own, beside the catalogue's. */
const OWN_REASONS = 50
/** Routes are written by hand; where they are made from requests, this is where it ends. */
const ROUTES = 200
/** Node's codes of what can go wrong below HTTP. There are about forty. */
const CODES = 50
/** Origins as they were configured; where a function makes them from requests, this is where it ends. */
const UPSTREAMS = 100
/** Pools of uploads are named by hand. */
const POOLS = 50

/** OpenTelemetry's list for `http.request.method`; anything else is `_OTHER` (HTTP semconv). */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
])

export class Labels {
  readonly #reasons = new BoundedValues(
    catalogue.map(({ reason }) => reason),
    OWN_REASONS,
  )
  readonly #routes = new BoundedValues([], ROUTES)
  readonly #codes = new BoundedValues([], CODES)
  readonly #routeOf: MetricsOptions['route']
  readonly #pools = new BoundedValues([], POOLS)
  readonly #upstreams = new BoundedValues([], UPSTREAMS)

  /** @param routeOf - Default: the route that the outcome tells. */
  constructor(routeOf?: MetricsOptions['route']) {
    this.#routeOf = routeOf
  }

  ofExchange(outcome: Outcome): ExchangeLabels {
    const { decision, method, status, reason } = outcome
    const route = this.#routeOf === undefined ? outcome.route : named(this.#routeOf, outcome)
    return {
      decision,
      method: METHODS.has(method) ? method : '_OTHER',
      route: route === undefined ? undefined : this.#routes.of(route),
      status: status === undefined ? undefined : boundedStatus(status),
      reason: reason === undefined ? undefined : this.#reasons.of(reason),
    }
  }

  ofCode(code: string): string {
    return this.#codes.of(code)
  }

  ofAdmission(pool: string): AdmissionLabels {
    return { pool: this.#pools.of(pool), reasonOf: (reason) => this.#reasons.of(reason) }
  }

  ofUpstream(origin: string): string {
    return this.#upstreams.of(origin)
  }
}

/** It runs when the exchange is over: what it throws must not reach anybody. */
function named(routeOf: (outcome: Outcome) => unknown, outcome: Outcome): string | undefined {
  let route: unknown
  callUserCode(
    'route',
    () => {
      route = routeOf(outcome)
      return route
    },
    routeOf,
  )
  return typeof route === 'string' ? route : undefined
}

/** RFC 9110 section 15: three digits, the first of them 1 to 5. */
export function boundedStatus(status: number): number | typeof OTHER {
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : OTHER
}
