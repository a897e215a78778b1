// Which rule refused, as decisions and outcomes name it.

/**
 * The rule that refused: of the head; `extension:<name>` of an expectation that the application knows;
 * `check:<function name or index>`; and behind the head `size`, `content-timeout` and `grant`.
 */
export type RefusedBy =
  | 'host'
  | 'fields'
  | 'framing'
  | 'expectation'
  | 'length'
  | 'size'
  | 'type'
  | 'coding'
  | `extension:${string}`
  | `check:${string}`
  | 'check-timeout'
  | 'content-timeout'
  | 'grant'
