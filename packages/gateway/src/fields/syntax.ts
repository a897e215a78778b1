// What may stand in a head that the gateway makes (RFC 9110 sections 5.1, 5.5 and 5.6.2): nothing that
// could end a line or begin another message.

/** A field name is a token, as methods and pseudonyms are. */
export { isFieldName as isToken, isFieldValue } from '@expectation/core'

/** Behind CGI and its kind `X_Forwarded_For` is the same variable as `X-Forwarded-For` (RFC 3875 4.1.18). */
export function readAs(key: string): string {
  return key.includes('_') ? key.replaceAll('_', '-') : key
}
