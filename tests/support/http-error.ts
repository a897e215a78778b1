// Errors by the conventions of http-errors (status, statusCode, expose, headers), which Express, its
// parsers and most of its middleware follow. The real ones come from express.json() and the router.
import { STATUS_CODES } from 'node:http'

export function httpError(status: number, message?: string, fields: object = {}): Error {
  const error = new Error(message ?? STATUS_CODES[status])
  return Object.assign(error, { status, statusCode: status, expose: status < 500, ...fields })
}
