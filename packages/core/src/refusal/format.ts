// How an application says which shape its error bodies have.

import type { HeadView } from '../head/head-view.js'
import type { ErrorFacts } from './error-facts.js'
import type { JsonObject } from './json.js'

/** The shape of error bodies: one of ours, or the application's own. */
export type Format = 'error' | 'problem' | 'flat' | BodyFormatter

/**
 * An application's own error body: an object to be sent as JSON, or text with its media type. It
 * decides alone, without `Accept`, and at once. If it throws or returns neither, `'error'` takes its place,
 * and a warning tells so (`EXPECTATION_WRN_OBSERVER`).
 */
export type BodyFormatter = (
  facts: ErrorFacts,
  head: HeadView,
) => JsonObject | { readonly contentType: string; readonly body: string }
