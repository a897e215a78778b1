// Every reason the library itself gives, and the default reason of every common status, as entries and by status.

import statuses from 'statuses'
import { ROWS } from './catalogue-rows.js'

/** One reason, as the reference documents it. */
export interface CatalogueEntry {
  /** The slug that clients and alerts match on. */
  readonly reason: string
  readonly status: number
  /** The reason phrase of RFC 9110 section 15, or of the RFC that registered the status. */
  readonly title: string
  /** What happened, for the caller of the API. */
  readonly meaning: string
  /** What the caller can do about it. */
  readonly remedy: string
}

/** The reasons that the catalogue knows; applications may use their own beside them. */
export type CatalogueReason = (typeof ROWS)[number][1]

/** All known reasons, in the order of their status. */
export const catalogue: readonly CatalogueEntry[] = Object.freeze(
  ROWS.map(([status, reason, title, meaning, remedy]) =>
    Object.freeze({ reason, status, title, meaning, remedy }),
  ),
)

const DEFAULTS: ReadonlyMap<number, CatalogueEntry> = new Map(
  // Reversed, so that the first row of a status is the one that stays.
  catalogue.map((entry): [number, CatalogueEntry] => [entry.status, entry]).reverse(),
)

/** The default reason of a status; `http_<status>` when the catalogue has none. */
export function reasonFor(status: number): string {
  return DEFAULTS.get(status)?.reason ?? `http_${status}`
}

/** The reason phrase of a status: RFC 9110's words, else the registered ones, else its class. */
export function titleFor(status: number): string {
  return (
    DEFAULTS.get(status)?.title ??
    statuses.message[status] ??
    (status < 500 ? 'Client Error' : 'Server Error')
  )
}
