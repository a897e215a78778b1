// The logger that outcomes go to: the part of pino's interface that winston, bunyan and console
// wrappers share.

export type LogMethod = (fields: object, message: string) => void

export interface Logger {
  readonly debug?: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}
