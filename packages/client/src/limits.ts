// How long each part of an attempt may take, in milliseconds.
export interface Limits {
  readonly connectTimeoutMs: number
  readonly continueTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly responseTimeoutMs: number
}
