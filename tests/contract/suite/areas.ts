// The areas of the contract, in reading order.
import type { Transport } from './adapter.js'
import { checks } from './checks.js'
import { delivery } from './delivery.js'
import { disposition } from './disposition.js'
import { errors } from './errors.js'
import { frames } from './frames.js'
import { options } from './options.js'
import { places } from './places.js'
import { reading } from './reading.js'
import { recognition } from './recognition.js'
import { refusals } from './refusals.js'
import type { Stage } from './stage.js'
import { timing } from './timing.js'
import { versions } from './versions.js'

const everything = {
  recognition,
  refusals,
  'the 100': timing,
  reading,
  checks,
  options,
  places,
  errors,
  delivery,
} as const

export type Areas = Readonly<Record<string, (stage: Stage) => void>>

/** TLS changes nothing in what a field or an option means; a server of both protocols only how it is chosen. */
export function on(transport: Transport): Areas {
  const { recognition: _fields, options: _options, ...acted } = everything
  if (transport === 'https') return acted
  return transport === 'https-beside-http2' ? { ...quick, delivery } : everything
}

/** What is told by bytes, and has no like on HTTP/2. */
export const onHttp1: Areas = { disposition, versions }

/** What is told by frames. */
export const onHttp2: Areas = { frames }

export const quick: Areas = { refusals, 'the 100': timing }
