// A dispatcher of undici whose sockets hear their peer out, for `fetch` and `undici.request`. It is
// undici's own Agent with a connector around undici's own.
import { hearOut } from './hear-out.js'
import { OptionError } from './option-error.js'
import { loadPeer } from './peer.js'
import { isRecord } from './record.js'
import type { Agent, buildConnector } from './undici.js'

/** Options of undici's `Agent`. */
export type EarlyAnswerDispatcherOptions = Agent.Options

/**
 * A dispatcher that finds the answer of a server that closes while content is being sent.
 *
 * ```ts
 * setGlobalDispatcher(earlyAnswerDispatcher()) // of undici; the built-in fetch follows it, too
 * ```
 *
 * @param options - those of undici's `Agent`
 * @throws {@link OptionError} when what is given, or its `connect`, cannot hold options; what undici says of
 *   a single one is undici's error
 * @throws MissingPeerError (`ERR_EXPECTATION_MISSING_PEER`) when undici is not installed
 */
export function earlyAnswerDispatcher(options: EarlyAnswerDispatcherOptions = {}): Agent {
  checkOptions(options)
  const undici = loadPeer('earlyAnswerDispatcher', 'undici', (): typeof import('undici') =>
    require('undici'),
  )
  const { connect = {} } = options
  const connector =
    typeof connect === 'function'
      ? connect
      : undici.buildConnector({ ...connectorOptions(options), ...connect })
  return new undici.Agent({ ...options, connect: hearing(connector) })
}

/** undici takes nothing amiss that it can read as holding nothing. */
function checkOptions(options: unknown): void {
  if (!isRecord(options)) {
    const remedy = "Write an object of options of undici's Agent, or leave it out."
    throw new OptionError({ option: 'options', received: options, remedy })
  }
  const connect: unknown = Reflect.get(options, 'connect')
  if (connect == null || typeof connect === 'function' || isRecord(connect)) return
  const remedy = "Write an object of options of undici's connector, or a connector."
  throw new OptionError({ option: 'connect', received: connect, remedy })
}

/** What undici's `Client` hands to the connector that it makes for itself. */
function connectorOptions(options: EarlyAnswerDispatcherOptions): buildConnector.BuildOptions {
  const { allowH2, autoSelectFamily, autoSelectFamilyAttemptTimeout } = options
  const { connectTimeout, maxCachedSessions, socketPath } = options
  return {
    ...(maxCachedSessions === undefined ? {} : { maxCachedSessions }),
    ...(connectTimeout === undefined ? {} : { timeout: connectTimeout }),
    ...(allowH2 === undefined ? {} : { allowH2 }),
    ...(socketPath == null ? {} : { socketPath }),
    ...(typeof autoSelectFamily === 'boolean' ? { autoSelectFamily } : {}),
    ...(autoSelectFamilyAttemptTimeout == null ? {} : { autoSelectFamilyAttemptTimeout }),
  }
}

function hearing(connector: buildConnector.connector): buildConnector.connector {
  return (options, created) =>
    connector(options, (...[error, socket]) => {
      if (error === null) created(null, hearOut(socket))
      else created(error, null)
    })
}
