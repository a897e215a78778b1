// Heads for tests: HTTP/1.1 unless the test says otherwise.

import type { HeaderFields, RequestHead } from '../request-head.js'

export function headOf(
  headers: HeaderFields = {},
  rest: Partial<Omit<RequestHead, 'headers'>> = {},
): RequestHead {
  return { method: 'PUT', target: '/files/a', version: '1.1', headers, ...rest }
}

/** The same with content of five bytes. */
export function uploadOf(
  headers: HeaderFields = {},
  rest: Partial<Omit<RequestHead, 'headers'>> = {},
): RequestHead {
  return headOf({ 'content-length': '5', ...headers }, rest)
}
