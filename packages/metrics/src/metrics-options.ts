// Options of both kinds of metrics.

import { OptionError, type Outcome, rejectUnknownNames } from '@expectation/core'

export interface MetricsOptions {
  /**
   * Names the route of an exchange, for metrics: where the framework tells none, as on a bare server,
   * or tells more than you want to see. Called when an exchange has settled; `undefined`, and whatever
   * it throws, means none. The first 200 names are told, then `other`: give patterns, not addresses.
   * Default: the framework's route.
   */
  readonly route?: ((outcome: Outcome) => string | undefined) | undefined
}

/** @throws OptionError - an unknown name, or a route that is no function. */
export function readMetricsOptions(options: MetricsOptions = {}): MetricsOptions {
  rejectUnknownNames('', options, ['route'])
  const { route } = options
  if (route !== undefined && typeof route !== 'function') {
    throw new OptionError({
      option: 'route',
      received: route,
      remedy: 'Give a function (outcome) that names the route, or nothing.',
    })
  }
  return { route }
}
